package io.keysweep.cli.quickstart;

import io.keysweep.api.text.Amounts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares the service's report about the quickstart's scan with the state of the server after the scan.
 *
 * <p>The service reports a scan through two APIs: its native API, and the DCS API (the API of Huawei Cloud's
 * Distributed Cache Service).
 *
 * @param ownServer whether the quickstart has started the server, which then held only demo keys
 * @param expiryOff whether the server's own expiry was switched off during the scan
 * @param keys names and numbers of the planted keys
 * @param status final status of the scan, for example {@code success}
 * @param failure reason why the scan failed, or null if it did not fail
 * @param reclaimed number of reclaimed keys that the native API reports
 * @param dcsReclaimed number of reclaimed keys that the DCS API reports, in its field {@code num}
 * @param size number of all keys in database 0 of the server after the scan
 * @param persistentLeft number of demo keys without a TTL that existed after the scan
 * @param deadLeft number of expired demo keys that still took up memory after the scan
 */
record Evidence(
        boolean ownServer,
        boolean expiryOff,
        DemoKeys keys,
        String status,
        @Nullable String failure,
        long reclaimed,
        long dcsReclaimed,
        long size,
        long persistentLeft,
        long deadLeft) {

    /**
     * Returns a sentence for each fault, or an empty list if the demonstration worked. On a server of the user, other
     * keys and the server's own expiry can change the numbers, so fewer of them are checked.
     */
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        if (!status.equals("success")) {
            faults.add("the scan ended as " + status + (failure == null ? "" : ": " + failure));
        }
        if (dcsReclaimed != reclaimed) {
            faults.add("the DCS API reports " + Amounts.count(dcsReclaimed) + " reclaimed keys, the native API "
                    + Amounts.count(reclaimed));
        }
        if (deadLeft != 0) {
            faults.add(Amounts.count(deadLeft) + " of the expired keys were still in memory");
        }
        if (persistentLeft != keys.persistent()) {
            faults.add(Amounts.count(keys.persistent() - persistentLeft) + " of the persistent keys no longer exist");
        }
        if (ownServer && size != keys.persistent()) {
            faults.add("the server holds " + Amounts.count(size, "key") + ", should hold "
                    + Amounts.count(keys.persistent()));
        }
        // The scan of a user's server also reclaims the user's expired keys. If the server's own expiry is off, the
        // scan must have reclaimed at least the planted keys. Otherwise it may have reclaimed fewer.
        boolean countIsWrong = ownServer ? reclaimed != keys.expiring() : expiryOff && reclaimed < keys.expiring();
        if (countIsWrong) {
            faults.add("planted " + Amounts.count(keys.expiring(), "expired key") + ", reclaimed "
                    + Amounts.count(reclaimed));
        }
        return faults;
    }

    /**
     * Explains on a server of the user why the count differs from the number of planted expired keys. The server held
     * other expired keys, or its own expiry was faster. Returns null if there is nothing to explain.
     */
    @Nullable String remark() {
        if (ownServer || deadLeft != 0) {
            return null;
        }
        long difference = reclaimed - keys.expiring();
        if (difference > 0) {
            return "At least " + Amounts.count(difference)
                    + " more than planted: the server already held other expired keys.";
        }
        if (!expiryOff && difference < 0) {
            return "The scan reclaimed " + Amounts.count(reclaimed)
                    + " of them. The server's own expiry, which cannot be"
                    + " switched off on this server, removed the other " + Amounts.count(-difference) + " first.";
        }
        return null;
    }
}
