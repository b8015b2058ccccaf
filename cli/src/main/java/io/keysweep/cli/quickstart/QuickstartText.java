package io.keysweep.cli.quickstart;

import io.keysweep.api.text.Amounts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Formats the result of {@code keysweep quickstart} as text, with curl commands and Java code that create such a scan
 * again.
 */
final class QuickstartText {

    private QuickstartText() {}

    /**
     * Returns the lines of the text, which contain the secret key of the demonstration's service.
     *
     * @param remark why the count differs from the number of planted keys, or null
     * @param isFaultless whether the check of the result found no fault
     * @param keepsRunning whether the service keeps running, so that the user can run the commands immediately
     */
    static List<String> lines(
            QuickstartResult result, @Nullable String remark, boolean isFaultless, boolean keepsRunning) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(headline(result, isFaultless));
        if (remark != null) {
            lines.add(remark);
        }
        lines.add("");
        lines.add("  visited        " + Amounts.count(result.visited(), "key") + " in " + result.seconds() + " s, "
                + Amounts.count(result.keysPerSecond()) + " keys/s");
        lines.add("  reclaimed      " + Amounts.count(result.reclaimed(), "expired key"));
        Long memoryBefore = result.usedMemoryBefore();
        Long memoryAfter = result.usedMemoryAfter();
        if (memoryBefore != null && memoryAfter != null) {
            lines.add("  memory         " + Amounts.change(memoryBefore, memoryAfter));
        }
        lines.add("  longest stall  " + Amounts.millis(result.longestStallMs()));
        lines.add("");
        lines.addAll(instructions(result, keepsRunning));
        return lines;
    }

    private static String headline(QuickstartResult result, boolean isFaultless) {
        String plantedKeys = Amounts.count(result.planted());
        if (!isFaultless) {
            return "The scan reclaimed " + Amounts.count(result.reclaimed(), "expired key") + "; " + plantedKeys
                    + " were planted.";
        }
        // If the expiry of a user's server cannot be switched off, that server may have removed some of the keys first.
        return result.reclaimed() >= result.planted()
                ? "It works: the scan reclaimed all " + plantedKeys
                        + " expired keys that were planted, and no living one (checked on the server)."
                : "All " + plantedKeys
                        + " expired keys that were planted are removed, and no living one (checked on the server).";
    }

    private static List<String> instructions(QuickstartResult result, boolean keepsRunning) {
        String instanceUrl = result.endpoint() + "/v2/" + result.projectId() + "/instances/" + result.instanceId();
        List<String> lines = new ArrayList<>();
        lines.add(
                keepsRunning
                        ? "The same scan again, with curl:"
                        : "The same scan again, with curl (run with --keep first, and use the values that it prints):");
        lines.add("");
        lines.add("  TOKEN=$(curl -s -o /dev/null -D - -H 'Content-Type: application/json' \\");
        lines.add("    -d '" + tokenRequest(result) + "' \\");
        lines.add("    " + result.endpoint() + "/v3/auth/tokens"
                + " | awk 'tolower($1) == \"x-subject-token:\" { print $2 }' | tr -d '\\r')");
        lines.add("  curl -s -X POST -H \"X-Auth-Token: $TOKEN\" " + instanceUrl + "/scan-expire-keys-task");
        lines.add("  curl -s -H \"X-Auth-Token: $TOKEN\" " + instanceUrl + "/auto-expire/histories");
        lines.add("");
        lines.add("With Huawei Cloud's SDK for Java (com.huaweicloud.sdk:huaweicloud-sdk-dcs):");
        lines.add("");
        lines.add("  DcsClient client = DcsClient.newBuilder()");
        lines.add("      .withCredential(new BasicCredentials().withAk(\"" + result.accessKey() + "\")");
        lines.add("          .withSk(\"" + result.secretKey() + "\").withProjectId(\"" + result.projectId() + "\"))");
        lines.add("      .withEndpoints(List.of(\"" + result.endpoint() + "\")).build();");
        lines.add("  client.createAutoExpireScanTask(");
        lines.add("      new CreateAutoExpireScanTaskRequest().withInstanceId(\"" + result.instanceId() + "\"));");
        return lines;
    }

    /** Returns the JSON that asks the service for a token in exchange for the access key. */
    private static String tokenRequest(QuickstartResult result) {
        return "{\"auth\":{\"identity\":{\"methods\":[\"hw_ak_sk\"],\"hw_ak_sk\":{\"access\":{\"key\":\""
                + result.accessKey() + "\"},\"secret\":{\"key\":\"" + result.secretKey()
                + "\"}}},\"scope\":{\"project\":{\"id\":\"" + result.projectId() + "\"}}}}";
    }
}
