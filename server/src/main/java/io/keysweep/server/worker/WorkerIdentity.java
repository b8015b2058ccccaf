package io.keysweep.server.worker;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.UUID;

/**
 * Identifies this process from its start to its end.
 *
 * @param id an id that is unique over all processes and restarts; db-scheduler picks executions in its name
 * @param host the name of the machine
 * @param pid the id of the process on that machine
 * @param version the version of the service, or {@code development}
 */
public record WorkerIdentity(String id, String host, long pid, String version) {

    private static final int MAX_HOST_LENGTH = 60;
    private static final int SUFFIX_LENGTH = 8;

    /** Creates the identity of this process, with a random suffix so that a restart gets another id. */
    static WorkerIdentity create() {
        String host = hostName();
        long pid = ProcessHandle.current().pid();
        String suffix = UUID.randomUUID().toString().substring(0, SUFFIX_LENGTH);
        return new WorkerIdentity(
                host.substring(0, Math.min(host.length(), MAX_HOST_LENGTH)) + "-" + pid + "-" + suffix,
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
