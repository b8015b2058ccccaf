package io.keysweep.engine.doctor;

import io.keysweep.engine.reclaim.MethodSelector;
import io.keysweep.engine.reclaim.ServerProfile.Flavour;
import io.keysweep.engine.reclaim.ServerVersion;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The command that makes a user for sweeps with the least rights: no key, no channel, few commands. */
final class UserCommand {

    private UserCommand() {}

    /**
     * The command for this server; null where it knows no users.
     *
     * @param further what it needs beside the commands of the method
     */
    static @Nullable String of(ServerFacts facts, List<String> further) {
        ServerVersion version = ServerVersion.parse(facts.identity().version());
        boolean redis = facts.identity().flavour() == Flavour.REDIS;
        if (redis && !version.isAtLeast(6, 0)) {
            return null;
        }
        // SCAN and DBSIZE name no key. Channels have rights since Redis 6.2; before, the word is an error.
        StringBuilder command = new StringBuilder("ACL SETUSER keysweep on >PASSWORD resetkeys");
        if (!redis || version.isAtLeast(6, 2)) {
            command.append(" resetchannels");
        }
        command.append(" -@all");
        Set<String> commands = new LinkedHashSet<>(MethodSelector.needed());
        commands.addAll(facts.methodCommands());
        commands.add("config|get");
        commands.addAll(further);
        commands.forEach(name -> command.append(" +").append(name));
        return command.toString();
    }
}
