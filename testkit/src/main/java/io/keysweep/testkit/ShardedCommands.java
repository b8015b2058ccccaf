package io.keysweep.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Behaves like a proxy that spreads keys over several servers, so that tests see how Keysweep treats such proxies.
 *
 * <p>The cursor of a SCAN contains the number of the server that the SCAN goes to. DBSIZE returns the sum of all
 * servers, and SELECT goes to all. Every other command goes to the first server, and so do all commands between MULTI
 * and EXEC. Not safe to share between threads.
 */
public final class ShardedCommands implements RespProxy.Behaviour {

    /** States which bits of a cursor hold the number of the server, from 0. */
    public enum CursorEncoding {
        /** The number is in the highest 8 bits. */
        HIGH_BITS,
        /** The number is in the lowest 2 bits. */
        LOW_BITS
    }

    /** The number of bits below the server's number in a cursor with {@link CursorEncoding#HIGH_BITS}. */
    private static final int HIGH_SHIFT = 56;

    /** The number of bits of the server's number in a cursor with {@link CursorEncoding#LOW_BITS}. */
    private static final int LOW_BITS = 2;

    private final CursorEncoding encoding;
    private final Set<String> refusedCommands;
    private final boolean sizeOfAll;
    private boolean inTransaction;

    /**
     * Creates the behaviour of one connection.
     *
     * @param refusedCommands the names of commands that the proxy does not support, in upper case
     */
    public ShardedCommands(CursorEncoding encoding, Set<String> refusedCommands) {
        this(encoding, refusedCommands, /* sizeOfAll= */ true);
    }

    /**
     * Creates the behaviour of one connection.
     *
     * @param refusedCommands the names of commands that the proxy does not support, in upper case
     * @param sizeOfAll whether DBSIZE is the sum over all servers; false for the size of the first server
     */
    public ShardedCommands(CursorEncoding encoding, Set<String> refusedCommands, boolean sizeOfAll) {
        this.encoding = encoding;
        this.refusedCommands = Set.copyOf(refusedCommands);
        this.sizeOfAll = sizeOfAll;
    }

    @Override
    public @Nullable Object reply(List<String> command, List<RespClient> servers) {
        String name = command.getFirst().toUpperCase(Locale.ROOT);
        String[] words = command.toArray(String[]::new);
        if (refusedCommands.contains(name)) {
            throw new RespException("ERR unknown command '" + name + "'");
        }
        if (name.equals("MULTI")) {
            inTransaction = true;
        } else if (name.equals("EXEC") || name.equals("DISCARD")) {
            inTransaction = false;
        } else if (!inTransaction && name.equals("SCAN")) {
            return scan(words, servers);
        } else if (!inTransaction && name.equals("DBSIZE") && sizeOfAll) {
            return servers.stream()
                    .mapToLong(server -> server.callLong("DBSIZE"))
                    .sum();
        } else if (!inTransaction && name.equals("SELECT")) {
            servers.subList(1, servers.size()).forEach(server -> server.call(words));
        }
        return servers.getFirst().call(words);
    }

    /**
     * Scans one server, and returns its page. The cursor leads to the next page of this server, or after its end to the
     * start of the next server.
     */
    private Object scan(String[] words, List<RespClient> servers) {
        long cursor = parseCursor(words[1]);
        int server = (int) (encoding == CursorEncoding.HIGH_BITS ? cursor >>> HIGH_SHIFT : cursor & mask(LOW_BITS));
        if (server >= servers.size()) {
            throw new RespException("ERR invalid cursor");
        }
        String[] forwardedWords = words.clone();
        forwardedWords[1] = Long.toUnsignedString(
                encoding == CursorEncoding.HIGH_BITS ? cursor & mask(HIGH_SHIFT) : cursor >>> LOW_BITS);
        List<Object> page = new ArrayList<>(
                (List<?>) Objects.requireNonNull(servers.get(server).call(forwardedWords)));
        long nextCursor = parseCursor((String) page.getFirst());
        boolean serverEnded = nextCursor == 0;
        boolean isLastServer = server == servers.size() - 1;
        page.set(0, serverEnded && isLastServer ? "0" : encodeCursor(serverEnded ? server + 1 : server, nextCursor));
        return page;
    }

    private static long parseCursor(String text) {
        try {
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            throw new RespException("ERR invalid cursor");
        }
    }

    private String encodeCursor(int server, long cursor) {
        return Long.toUnsignedString(
                encoding == CursorEncoding.HIGH_BITS
                        ? (long) server << HIGH_SHIFT | cursor
                        : cursor << LOW_BITS | server);
    }

    /** Returns a number whose lowest {@code bits} bits are 1. */
    private static long mask(int bits) {
        return (1L << bits) - 1;
    }
}
