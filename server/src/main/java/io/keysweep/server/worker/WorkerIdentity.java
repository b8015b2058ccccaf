package io.keysweep.server.worker;

import io.keysweep.api.BuildVersion;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.UUID;

/**
 * Identifies this process from its start to its end.
 *
 * @param id id that is unique over all processes and restarts, {@code <host>-<pid>-<8 random characters>}, with the
 *     host cut to 60 characters; db-scheduler picks its executions (pieces of work) under this name
 * @param host host name of the machine, or {@code localhost} if it is unknown
 * @param pid id of the process on that machine
 * @param version version and commit of the service, see {@link BuildVersion#toString}
 */
public record WorkerIdentity(String id, String host, long pid, String version) {

    /** Maximum length of the host name in the id, so that the id fits into its column of 100 characters. */
    private static final int MAX_HOST_LENGTH = 60;

    private static final int SUFFIX_LENGTH = 8;

    /**
     * Creates the identity of this process. A random suffix gives a restarted process another id, even if it has the
     * same process id.
     */
    static WorkerIdentity create() {
        String host = hostName();
        long pid = ProcessHandle.current().pid();
        String suffix = UUID.randomUUID().toString().substring(0, SUFFIX_LENGTH);
        return new WorkerIdentity(
                host.substring(0, Math.min(host.length(), MAX_HOST_LENGTH)) + "-" + pid + "-" + suffix,
                host,
                pid,
                BuildVersion.current().toString());
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
