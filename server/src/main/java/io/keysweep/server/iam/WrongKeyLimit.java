package io.keysweep.server.iam;

import io.keysweep.server.admission.ClientNetwork;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Refuses secrets from an address, or for the name of a user, after too many wrong ones.
 *
 * <p>A secret key has 238 random bits and cannot be guessed. So {@value #MAX_WRONG_KEYS} wrong ones a minute from an
 * address are refused only to keep the log short. A password can be guessed, so wrong ones count three times:
 *
 * <ul>
 *   <li>{@value #MAX_WRONG_KEYS} a minute for a name from an address;
 *   <li>{@value #MAX_WRONG_PASSWORDS_OF_ADDRESS} a minute from an address, whatever the names;
 *   <li>{@value #MAX_WRONG_PASSWORDS_OF_NAME} an hour for a name, from all addresses. Otherwise somebody with many
 *       addresses could guess on. An address from which the user has signed in before is not refused for this reason,
 *       so that nobody can lock the user out.
 * </ul>
 *
 * <p>Each time begins with the first wrong secret, and when it ends, the count begins again. IPv6 addresses of one {@link
 * ClientNetwork} count together, and so do sign-ins to the console and requests for tokens. Each process of the service
 * counts by itself and forgets at its end. Safe for use by several threads.
 */
@Component
public final class WrongKeyLimit {

    /** The number of wrong secrets a minute for one key or user from one address, after which both are refused. */
    public static final int MAX_WRONG_KEYS = 10;

    static final int MAX_WRONG_PASSWORDS_OF_ADDRESS = 30;
    static final int MAX_WRONG_PASSWORDS_OF_NAME = 100;

    /** The time from the first wrong secret of an address until its wrong secrets are forgotten. */
    static final Duration PERIOD = Duration.ofMinutes(1);

    /** The time from the first wrong password for a name until the wrong passwords for it are forgotten. */
    static final Duration NAME_PERIOD = Duration.ofHours(1);

    /** The time from a sign-in until its address is no longer known for its user. */
    static final Duration KNOWN_PERIOD = Duration.ofDays(30);

    /** The number of entries of each kind, which limits the memory. The oldest one is forgotten. */
    private static final int MAX_ENTRIES = 10_000;

    private final InstantSource clock;
    private final Counter keysOfAddresses = new Counter(MAX_WRONG_KEYS, PERIOD);
    private final Counter passwordsOfPairs = new Counter(MAX_WRONG_KEYS, PERIOD);
    private final Counter passwordsOfAddresses = new Counter(MAX_WRONG_PASSWORDS_OF_ADDRESS, PERIOD);
    private final Counter passwordsOfNames = new Counter(MAX_WRONG_PASSWORDS_OF_NAME, NAME_PERIOD);

    /** The addresses from which users have signed in, with the time of the last sign-in. */
    private final Map<Pair, Instant> known = new LinkedHashMap<>();

    /** Says why a secret is refused without a look at it. */
    public enum Refusal {
        /** The address has sent too many wrong secrets, at most a minute ago. */
        ADDRESS("They came from your address. Wait a minute, then try again."),
        /** Too many wrong passwords for the name have come from anywhere, at most an hour ago. */
        NAME(
                "They were for this name, from many addresses. Wait an hour, or sign in from an address from which you have"
                        + " done so before.");

        private final String advice;

        Refusal(String advice) {
            this.advice = advice;
        }

        /** Returns the error for a client whose secret is refused; it says where the wrong ones came from. */
        RequestRefusedException error() {
            return RequestRefusedException.of(ErrorCode.TOO_MANY_WRONG_KEYS, advice);
        }
    }

    private record Pair(String network, String name) {}

    WrongKeyLimit(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Returns why the service now refuses secrets from an address for an access key or a user; null if it does not.
     *
     * @param principal access key id or name of a user, which need not exist
     */
    public synchronized @Nullable Refusal refusal(String address, String principal) {
        Instant now = clock.instant();
        String network = ClientNetwork.of(address);
        if (!Caller.isUser(principal)) {
            return keysOfAddresses.isFull(network, now) ? Refusal.ADDRESS : null;
        }
        Pair pair = new Pair(network, principal);
        if (passwordsOfPairs.isFull(pair, now) || passwordsOfAddresses.isFull(network, now)) {
            return Refusal.ADDRESS;
        }
        return passwordsOfNames.isFull(principal, now) && !isKnown(pair, now) ? Refusal.NAME : null;
    }

    /** Records a wrong secret from an address for an access key or a user, which need not exist. */
    public synchronized void recordWrongKey(String address, String principal) {
        Instant now = clock.instant();
        String network = ClientNetwork.of(address);
        if (!Caller.isUser(principal)) {
            keysOfAddresses.add(network, now);
            return;
        }
        passwordsOfPairs.add(new Pair(network, principal), now);
        passwordsOfAddresses.add(network, now);
        passwordsOfNames.add(principal, now);
    }

    /** Records a sign-in from an address, by which the address is known for a user from now on. */
    public synchronized void recordSignIn(String address, String principal) {
        if (Caller.isUser(principal)) {
            Pair pair = new Pair(ClientNetwork.of(address), principal);
            known.remove(pair);
            known.put(pair, clock.instant());
            forgetOldest(known);
        }
    }

    private boolean isKnown(Pair pair, Instant now) {
        Instant last = known.get(pair);
        return last != null && !now.isAfter(last.plus(KNOWN_PERIOD));
    }

    /** Limits a map that keeps the order of insertion: an entry that is removed and added again becomes the last. */
    private static void forgetOldest(Map<?, ?> map) {
        if (map.size() > MAX_ENTRIES) {
            map.remove(map.keySet().iterator().next());
        }
    }

    /** Counts the wrong secrets of each key, from the first one until a period has passed. */
    private static final class Counter {

        private final int max;
        private final Duration period;
        private final Map<Object, Count> counts = new LinkedHashMap<>();

        private record Count(int number, Instant since) {}

        Counter(int max, Duration period) {
            this.max = max;
            this.period = period;
        }

        boolean isFull(Object key, Instant now) {
            Count count = current(key, now);
            return count != null && count.number() >= max;
        }

        void add(Object key, Instant now) {
            Count count = current(key, now);
            counts.remove(key);
            counts.put(
                    key,
                    count == null ? new Count(/* number= */ 1, now) : new Count(count.number() + 1, count.since()));
            forgetOldest(counts);
        }

        /** Returns the count of the present period; null if there is none. */
        private @Nullable Count current(Object key, Instant now) {
            Count count = counts.get(key);
            return count == null || now.isAfter(count.since().plus(period)) ? null : count;
        }
    }
}
