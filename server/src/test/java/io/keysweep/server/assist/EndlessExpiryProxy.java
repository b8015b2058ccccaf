package io.keysweep.server.assist;

import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RespClient;
import io.keysweep.testkit.RespProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the expiry of a real server look endless, so that assist lasts until a test ends it.
 *
 * <p>Assist raises settings of the server for a while, so that the server itself removes more expired keys. It ends
 * when the expiry finds few keys.
 *
 * <p>A proxy before the server changes the reply to INFO: each reply reports more expired keys than the one before, and
 * no estimate of the remaining ones. The proxy does not change other commands and replies. It records the changes of
 * settings that the server has run.
 */
public final class EndlessExpiryProxy implements AutoCloseable {

    /** The number of expired keys that each INFO adds to the number in the previous one. */
    private static final long MORE_KEYS = 100_000;

    private final RespProxy proxy;
    private final AtomicLong expired = new AtomicLong();
    private final List<String> changes = new CopyOnWriteArrayList<>();

    /** The number of changes of settings that the server still runs before the proxy withholds the replies. */
    private final AtomicInteger changesUntilStall = new AtomicInteger(Integer.MAX_VALUE);

    private final CountDownLatch stalled = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile boolean endless = true;

    /** Starts the proxy before a server. */
    public EndlessExpiryProxy(RedisServer server) {
        proxy = RespProxy.inFrontOf(List.of(server), connection -> this::reply);
    }

    /** Returns the URI of the proxy, for an instance of the service. */
    public String uri() {
        return proxy.uri();
    }

    /** Returns the arguments of each CONFIG SET so far, such as {@code hz 500}. */
    public List<String> changes() {
        return new ArrayList<>(changes);
    }

    /**
     * Makes the proxy withhold the reply to a later change of settings until {@link #release} is called. The server
     * still runs the change.
     *
     * @param count position of the change, counted from now on; 1 is the next change
     */
    public void stallAfterChanges(int count) {
        changesUntilStall.set(count);
    }

    /**
     * Returns whether the server has run the change of {@link #stallAfterChanges}, so that its reply is withheld. Stays
     * true after {@link #release}.
     */
    public boolean isStalled() {
        return stalled.getCount() == 0;
    }

    /** Sends withheld replies. From now on, the proxy does not change the replies to INFO. */
    public void release() {
        endless = false;
        released.countDown();
    }

    /** Runs a command on the server, and changes or withholds its reply. */
    private Object reply(List<String> command, List<RespClient> servers) {
        Object reply = Objects.requireNonNullElse(servers.getFirst().call(command.toArray(String[]::new)), "");
        if (command.getFirst().equals("INFO") && reply instanceof String info && endless) {
            return withMoreExpiredKeys(info);
        }
        // CONFIG SET NAME VALUE
        if (command.size() == 4
                && command.get(1).equals("SET")
                && command.getFirst().equals("CONFIG")) {
            changes.add(command.get(2) + " " + command.get(3));
            if (changesUntilStall.decrementAndGet() == 0) {
                stalled.countDown();
                awaitRelease();
            }
        }
        return reply;
    }

    private String withMoreExpiredKeys(String info) {
        long now = expired.addAndGet(MORE_KEYS);
        StringBuilder changedInfo = new StringBuilder();
        Stream.of(info.split("\r\n", -1))
                .map(line -> line.startsWith("expired_keys") ? line.substring(0, line.indexOf(':') + 1) + now : line)
                .filter(line -> !line.startsWith("expired_stale_perc"))
                .forEach(line -> changedInfo.append(line).append("\r\n"));
        return changedInfo.toString();
    }

    private void awaitRelease() {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns the settings of a server that assist changes: hz, active-expire-effort and lazyfree-lazy-expire. */
    public static List<String> settings(RespClient client) {
        return Stream.of("hz", "active-expire-effort", "lazyfree-lazy-expire")
                .map(name -> {
                    @Nullable Object reply = client.call("CONFIG", "GET", name);
                    return String.valueOf(((List<?>) Objects.requireNonNull(reply)).get(1));
                })
                .toList();
    }

    @Override
    public void close() {
        released.countDown();
        proxy.close();
    }
}
