package io.keysweep.cli.quickstart;

import io.keysweep.api.text.Amounts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known after the scan, from the service on the one side and the server itself on the other.
 *
 * @param ownServer whether every key on the server was one of the demonstration
 * @param expiryOff whether the server's own expiry was switched off meanwhile
 * @param keys what was planted
 * @param status how the scan ended, for example {@code success}
 * @param failure why it failed, or null
 * @param reclaimed expired keys reclaimed, as the native API tells
 * @param num the same, as the DCS API tells
 * @param size keys of the server's database after the scan
 * @param persistentLeft persistent demo keys there after the scan
 * @param deadLeft expired demo keys that still took up memory after the scan
 */
record Evidence(
        boolean ownServer,
        boolean expiryOff,
        DemoKeys keys,
        String status,
        @Nullable String failure,
        long reclaimed,
        long num,
        long size,
        long persistentLeft,
        long deadLeft) {

    /** What should hold and does not, a sentence each; empty if all is well. */
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        if (!status.equals("success")) {
            faults.add("the scan ended as " + status + (failure == null ? "" : ": " + failure));
        }
        if (num != reclaimed) {
            faults.add("the DCS API tells of " + Amounts.count(num) + " reclaimed keys, the native API of "
                    + Amounts.count(reclaimed));
        }
        if (deadLeft != 0) {
            faults.add(Amounts.count(deadLeft) + " of the expired keys were still in memory");
        }
        if (persistentLeft != keys.persistent()) {
            faults.add(Amounts.count(keys.persistent() - persistentLeft) + " of the persistent keys are gone");
        }
        if (ownServer && size != keys.persistent()) {
            faults.add("the server holds " + Amounts.count(size) + " keys, should hold "
                    + Amounts.count(keys.persistent()));
        }
        if (ownServer ? reclaimed != keys.expiring() : expiryOff && reclaimed < keys.expiring()) {
            faults.add("planted " + Amounts.count(keys.expiring()) + " expired keys, reclaimed "
                    + Amounts.count(reclaimed));
        }
        return faults;
    }

    /** What the count means where the server has keys or an expiry of its own. */
    @Nullable String remark() {
        if (ownServer || deadLeft != 0) {
            return null;
        }
        long difference = reclaimed - keys.expiring();
        if (difference > 0) {
            return "At least " + Amounts.count(difference)
                    + " more than planted: expired keys that were on the server before.";
        }
        if (!expiryOff && difference < 0) {
            return "The scan reclaimed " + Amounts.count(reclaimed)
                    + " of them. The server's own expiry, which it does not" + " let us switch off, took the other "
                    + Amounts.count(-difference) + " before.";
        }
        return null;
    }
}
