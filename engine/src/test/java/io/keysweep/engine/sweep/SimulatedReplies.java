package io.keysweep.engine.sweep;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Reply;
import java.util.ArrayList;
import java.util.List;

/**
 * Creates the replies of a {@link SimulatedServer} to the commands that are not steps, from the state of the server.
 */
final class SimulatedReplies {

    private static final int MICROS_PER_SECOND = 1_000_000;

    private final SimulatedServer server;

    SimulatedReplies(SimulatedServer server) {
        this.server = server;
    }

    /** Returns the reply; fails the test if a sweep should not send this command. */
    Reply to(Command command) {
        return switch (command.name()) {
            case "INFO" -> new Reply.Text(info());
            case "DBSIZE" -> size();
            case "TIME" -> time();
            case "MEMORY" -> new Reply.Text("OK " + ++server.purges);
            case "CONFIG" -> config(command);
            // A script with arguments is a probe with an invalid cursor. Without them, it returns the number of keys.
            case "EVAL" -> command.words().size() > 3 ? new Reply.Failure("ERR invalid cursor") : size();
            case "SCAN" -> scan(command);
            default -> throw new AssertionError(command);
        };
    }

    /** Returns the number of keys, including keys that SCAN never returns. */
    private Reply size() {
        return new Reply.Numeric(server.table.size() + server.hiddenKeys);
    }

    /** Returns the next cursor and no names, since a sweep with scripts needs none. */
    private Reply scan(Command command) {
        long cursor = Long.parseUnsignedLong(command.words().get(1));
        long nextCursor = server.table.scan(cursor, 1, key -> {});
        return new Reply.Items(List.of(new Reply.Text(Long.toUnsignedString(nextCursor)), new Reply.Items(List.of())));
    }

    /** Returns the values of the named settings; the server leaves out settings that it does not have. */
    private Reply config(Command command) {
        List<Reply> pairs = new ArrayList<>();
        for (String name : command.words().subList(2, command.words().size())) {
            if (server.settings.containsKey(name)) {
                pairs.add(new Reply.Text(name));
                pairs.add(new Reply.Text(server.settings.get(name)));
            }
        }
        return new Reply.Items(pairs);
    }

    /** Returns the time by the server's clock, as seconds and microseconds. */
    private Reply time() {
        long micros = server.micros();
        return new Reply.Items(List.of(
                new Reply.Text(Long.toString(micros / MICROS_PER_SECOND)),
                new Reply.Text(Long.toString(micros % MICROS_PER_SECOND))));
    }

    /** Returns the reply to INFO with the fields that a sweep reads. */
    private String info() {
        return String.join(
                "\r\n",
                "redis_version:7.4.0",
                server.flavour.get(),
                "run_id:" + server.runId,
                "role:" + server.role,
                "master_host:10.0.0.9",
                "master_port:6379",
                "paused_actions:" + server.pausedActions,
                "paused_reason:client_pause",
                "expired_keys:" + server.expiredKeys,
                "evicted_keys:0",
                server.load.get(),
                "used_memory:" + SimulatedServer.BYTES_PER_KEY * server.table.size(),
                "used_memory_rss:9000000",
                "lazyfree_pending_objects:" + server.lazyFreePending.getAsInt(),
                "mem_allocator:jemalloc-5.3.0",
                keyspace());
    }

    /** Returns the line of INFO about database 0; a server leaves it out if the database is empty. */
    private String keyspace() {
        int keys = server.table.size() + server.hiddenKeys;
        int withTtl = server.dead.size() + server.liveWithTtl;
        return keys == 0 ? "" : "db0:keys=" + keys + ",expires=" + withTtl + ",avg_ttl=0";
    }
}
