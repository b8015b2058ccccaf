package io.keysweep.server.dcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests the output of {@link VendorSample}, which runs in its own process against a service. */
@ExtendWith(SharedServicesResolver.class)
class VendorSampleIT {

    @Test
    void sample_printsTheCreatedScan_orTheErrorOfAnUnknownInstance(SharedServices services) throws Exception {
        TestService service = services.h2();
        Credentials key = service.newAdministrator("vendor's sample");
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            String instanceId = service.register(key, "sample", redis.uri());
            assertThat(run(service.endpoint(), key, instanceId))
                    .contains("status: waiting", "scanType: manual", "instanceId: " + instanceId);

            List<String> refused = run(
                            service.endpoint(), key, UUID.randomUUID().toString())
                    .lines()
                    .toList();

            // The output of the SDK's log is between these lines.
            assertThat(refused).containsSubsequence("404", "DCS.3022", "This DCS instance does not exist.");
            assertThat(refused.get(refused.indexOf("404") + 1)).matches("[0-9a-f-]{36}");
        }
    }

    /** Runs the sample for an instance, and returns its output. */
    private static String run(String endpoint, Credentials key, String instanceId)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                VendorSample.class.getName(),
                instanceId);
        builder.environment()
                .putAll(Map.of(
                        "CLOUD_SDK_AK", key.accessKey(),
                        "CLOUD_SDK_SK", key.secretKey(),
                        "CLOUD_SDK_PROJECT_ID", key.projectId(),
                        "CLOUD_SDK_ENDPOINT", endpoint));
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);

        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
