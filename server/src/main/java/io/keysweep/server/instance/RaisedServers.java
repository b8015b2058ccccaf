package io.keysweep.server.instance;

import io.keysweep.api.RaisedSettingsView;
import io.keysweep.engine.assist.SettingChange;
import io.keysweep.server.error.Phrase;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Reports the servers of instances whose settings assist has raised and the service has not restored yet.
 *
 * <p>Assist raises settings of a server for a while, so that the server itself removes more expired keys. Only the
 * current address and credentials of the instance lead to these servers. So before they are restored, the address must
 * not change, and the instance must not be removed unnoticed. The package {@code assist} implements this interface,
 * because this package must not depend on that one.
 */
public interface RaisedServers {

    /**
     * The time after the end of the scan for which the address must not change. A server that has not answered for so
     * long will probably never answer again, and must not prevent the change for ever.
     */
    Duration LONGEST_WAIT = Duration.ofHours(1);

    /** The number of servers that a message names. A cluster can have hundreds of servers. */
    int MAX_NAMED = 5;

    /**
     * Describes a server whose settings are raised.
     *
     * @param instanceId the instance of the server
     * @param address address of the server
     * @param since when the settings were raised
     * @param scanEndedAt when the scan that has raised the settings ended; the present time while that scan is active
     * @param leftover whether no sweep will restore the settings, so that only the service itself does
     * @param changes the raised settings with their former values
     */
    record RaisedServer(
            UUID instanceId,
            String address,
            Instant since,
            Instant scanEndedAt,
            boolean leftover,
            List<SettingChange> changes) {

        /** Returns the commands that restore the former values, in the order in which assist itself restores them. */
        public List<String> commands() {
            return changes.reversed().stream()
                    .map(SettingChange::restoreCommand)
                    .toList();
        }

        /** Returns the server with its commands, such as {@code 10.0.0.1:6379: CONFIG SET hz 10}. */
        String addressWithCommands() {
            return address + ": " + String.join("; ", commands());
        }

        RaisedSettingsView view() {
            return new RaisedSettingsView(
                    address,
                    since,
                    leftover,
                    changes.stream()
                            .map(change ->
                                    new RaisedSettingsView.Setting(change.name(), change.former(), change.raised()))
                            .toList(),
                    commands());
        }
    }

    /** Returns the servers of an instance whose settings are raised, ordered by address. */
    List<RaisedServer> ofInstance(UUID instanceId);

    /** Returns the servers of all instances of a project whose settings are raised, ordered by address. */
    List<RaisedServer> ofProject(String projectId);

    /**
     * Forgets the servers of an instance whose settings no sweep will restore. The service then no longer tries to
     * restore them.
     *
     * @return the servers that were forgotten, ordered by address
     */
    List<RaisedServer> forgetLeftovers(UUID instanceId);

    /** Returns the number of servers of all projects whose settings are raised, and will be restored by no sweep. */
    int countLeftovers();

    /**
     * Returns why the URI or the node map of an instance must not change now; empty if they may change. The text is the
     * end of a sentence that begins with the name of the field {@code uri}.
     */
    default Optional<Phrase> problemOfChange(UUID instanceId, Instant now) {
        return ofInstance(instanceId).stream()
                .max(Comparator.comparing(RaisedServer::scanEndedAt))
                .filter(server -> now.isBefore(server.scanEndedAt().plus(LONGEST_WAIT)))
                .map(server -> Phrase.of(
                        " or nodeMap differs, but assist has raised settings of {0}: the service restores them as soon"
                                + " as that server answers. The change is possible then, and in any case from {1} on.",
                        server.address(), server.scanEndedAt().plus(LONGEST_WAIT)));
    }

    /** Returns the addresses of servers, separated by commas; only the first if there are many. */
    static String addresses(List<RaisedServer> servers) {
        return servers.stream().limit(MAX_NAMED).map(RaisedServer::address).collect(Collectors.joining(", "))
                + (servers.size() > MAX_NAMED ? ", …" : "");
    }

    /** Returns servers with the commands that restore their settings; only the first if there are many. */
    static String addressesWithCommands(List<RaisedServer> servers) {
        return servers.stream()
                        .limit(MAX_NAMED)
                        .map(RaisedServer::addressWithCommands)
                        .collect(Collectors.joining(", "))
                + (servers.size() > MAX_NAMED ? ", …" : "");
    }
}
