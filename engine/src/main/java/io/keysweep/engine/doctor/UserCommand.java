package io.keysweep.engine.doctor;

import io.keysweep.engine.reclaim.MethodSelector;
import io.keysweep.engine.reclaim.ServerProfile.Flavour;
import io.keysweep.engine.reclaim.ServerVersion;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Builds the ACL SETUSER command that creates a user with the least rights for sweeps; the doctor proposes it.
 *
 * <p>The user {@code keysweep} may run only the commands that a sweep sends, and may access no keys and, if the server
 * can restrict channels, no channels. The operator replaces {@code PASSWORD}. Example: {@code ACL SETUSER keysweep on
 * >PASSWORD resetkeys resetchannels -@all +info +select …}.
 */
final class UserCommand {

    private UserCommand() {}

    /**
     * Returns the command for a server; null for Redis before 6.0, which does not support ACL users. All other products
     * are assumed to support them.
     *
     * @param facts the facts about the server; if there is no reclaim method, the user gets the rights for scripts
     * @param extraCommands the commands that the user needs in addition to the commands of the reclaim method, in lower
     *     case
     */
    static @Nullable String of(ServerFacts facts, List<String> extraCommands) {
        ServerVersion version = ServerVersion.parse(facts.identity().version());
        boolean isRedis = facts.identity().flavour() == Flavour.REDIS;
        if (isRedis && !version.isAtLeast(6, 0)) {
            return null;
        }
        // SCAN and DBSIZE need no key rights. Channel rights exist since Redis 6.2; before, "resetchannels" is an
        // error.
        StringBuilder command = new StringBuilder("ACL SETUSER keysweep on >PASSWORD resetkeys");
        if (!isRedis || version.isAtLeast(6, 2)) {
            command.append(" resetchannels");
        }
        command.append(" -@all");
        Set<String> commands = new LinkedHashSet<>(MethodSelector.neededCommands());
        commands.addAll(facts.methodCommands());
        commands.add("config|get");
        commands.addAll(extraCommands);
        commands.forEach(name -> command.append(" +").append(name));
        return command.toString();
    }
}
