package io.keysweep.engine.sweep;

import io.keysweep.engine.link.ServerInfo;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Counts the calls of commands with which other clients can remove expired keys and leave no other trace in INFO.
 *
 * <p>{@link SweepCounts} must know whether others may have expired keys. DEL, EXPIRE or LPOP of an expired key removes
 * the key, and then finds nothing to change: neither {@code keyspace_misses} nor {@code rdb_changes_since_last_save}
 * grows. Only the number of calls shows that such a command ran (INFO {@code commandstats}).
 *
 * <p>So this class counts the calls of all commands that access keys, even if the calls met no expired key. It leaves
 * out the commands that steps (calls that visit keys) use, since INFO does not separate the calls of the sweep from
 * the calls of others.
 */
final class TracelessCommands {

    private static final String PREFIX = "cmdstat_";

    /** Finds the number of calls in a field such as {@code calls=3,usec=9}; 18 digits always fit into a long. */
    private static final Pattern CALLS = Pattern.compile("calls=(\\d{1,18}),.*");

    /**
     * Commands that access no key, and commands that steps use. All subcommands of a command count alike, because INFO
     * does not list them before Redis 7.0.
     */
    private static final Set<String> NOT_COUNTED = words(
            "acl asking auth bgrewriteaof bgsave client cluster command config dbsize debug discard echo eval evalsha exec"
                    + " failover function hello info lastsave latency lolwut memory module monitor multi ping psubscribe"
                    + " psync publish pubsub punsubscribe quit readonly readwrite replconf replicaof reset role save scan"
                    + " script select slaveof slowlog spublish ssubscribe subscribe sunsubscribe swapdb sync time"
                    + " unsubscribe unwatch wait waitaof");

    /** Commands that raise {@code keyspace_misses} if the key has expired, in all supported versions. */
    private static final Set<String> COUNTED_AS_READS = words(
            "get getrange hexists hget hgetall hkeys hlen hmget hvals lindex llen lrange mget scard sismember smembers"
                    + " strlen zcard zcount zrange zrangebyscore zrank zrevrange zrevrank zscore");

    private TracelessCommands() {}

    /**
     * Returns the number of calls of all clients since the server started; 0 if the server does not report them.
     *
     * @param info a reply to INFO with the section {@code commandstats}
     * @param readsLeaveTraces whether {@code keyspace_misses} shows that other clients read expired keys, so that reads
     *     need not be counted
     */
    static long calls(ServerInfo info, boolean readsLeaveTraces) {
        return info.fields().entrySet().stream()
                .filter(field -> field.getKey().startsWith(PREFIX))
                .filter(field -> mayExpireKeys(name(field.getKey()), readsLeaveTraces))
                .map(Map.Entry::getValue)
                .mapToLong(TracelessCommands::callsIn)
                .sum();
    }

    /** Returns the calls of one command by its field in INFO, such as {@code calls=3,usec=9}; 0 if it has none. */
    static long callsIn(String field) {
        Matcher calls = CALLS.matcher(field);
        return calls.matches() ? Long.parseLong(calls.group(1)) : 0;
    }

    private static boolean mayExpireKeys(String command, boolean readsLeaveTraces) {
        return !NOT_COUNTED.contains(command) && !(readsLeaveTraces && COUNTED_AS_READS.contains(command));
    }

    /** Returns the command of a field such as {@code cmdstat_config|get}, here {@code config}. */
    private static String name(String field) {
        int subcommand = field.indexOf('|');
        return field.substring(PREFIX.length(), subcommand < 0 ? field.length() : subcommand);
    }

    private static Set<String> words(String names) {
        return Stream.of(names.split(" ")).collect(Collectors.toUnmodifiableSet());
    }
}
