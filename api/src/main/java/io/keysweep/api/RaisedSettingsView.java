package io.keysweep.api;

import java.time.Instant;
import java.util.List;

/**
 * Describes the settings of one server that assist has raised and not restored yet; part of {@link InstanceView}.
 *
 * <p>Assist raises settings of a server for a while, so that the server itself removes more expired keys.
 *
 * @param address address of the server
 * @param since when assist raised the settings
 * @param leftover true if no sweep will restore the settings, because its scan has ended or has lost the server. The
 *     service restores them when the server answers. False while a sweep is responsible for them
 * @param settings the settings that assist may have raised
 * @param commands the commands that restore the former values on that server, such as {@code CONFIG SET hz 10}
 */
public record RaisedSettingsView(
        String address, Instant since, boolean leftover, List<Setting> settings, List<String> commands) {

    public RaisedSettingsView {
        settings = List.copyOf(settings);
        commands = List.copyOf(commands);
    }

    /**
     * Describes a setting that assist may have raised.
     *
     * @param name name of the setting, such as {@code hz}
     * @param former value before assist, which must be restored
     * @param raised value that assist sets
     */
    public record Setting(String name, String former, String raised) {}
}
