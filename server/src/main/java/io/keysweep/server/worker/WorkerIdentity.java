package io.keysweep.server.worker;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.UUID;

/**
 * Who this process is, from its start to its end.
 *
 * @param id unique over all processes and starts; what executions are picked by
 * @param host name of the machine, as it calls itself
 * @param pid id of the process there
 * @param version of the service, or {@code development}
 */
public record WorkerIdentity(String id, String host, long pid, String version) {

    private static final int LONGEST_HOST = 60;
    private static final int SUFFIX = 8;

    /** A new one for this process. */
    static WorkerIdentity create() {
        String host = hostName();
        long pid = ProcessHandle.current().pid();
        String start = UUID.randomUUID().toString().substring(0, SUFFIX);
        return new WorkerIdentity(
                host.substring(0, Math.min(host.length(), LONGEST_HOST)) + "-" + pid + "-" + start,
                host,
                pid,
                Objects.requireNonNullElse(
                        WorkerIdentity.class.getPackage().getImplementationVersion(), "development"));
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
