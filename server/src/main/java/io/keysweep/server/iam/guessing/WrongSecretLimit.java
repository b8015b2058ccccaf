package io.keysweep.server.iam.guessing;

import io.keysweep.server.admission.ClientNetwork;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.OidcPerson;
import io.keysweep.server.iam.UserName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Refuses secrets from an address, or for the name of a user, after too many wrong secrets.
 *
 * <p>There are five limits. The first wrong secret starts the minute (or hour). When it is over, counting starts again.
 *
 * <ul>
 *   <li>{@value #MAX_WRONG_KEYS} wrong secret keys per minute from an address. Nobody can guess 238 random bits, so
 *       this limit only keeps the log short.
 *   <li>{@value #MAX_WRONG_KEYS} wrong codes of an OpenID Connect issuer per minute from an address, so that made-up
 *       codes do not flood the issuer.
 *   <li>{@value #MAX_WRONG_KEYS} wrong passwords per minute for one name from one address.
 *   <li>{@value #MAX_WRONG_PASSWORDS_OF_ADDRESS} wrong passwords per minute from an address, for all names together.
 *   <li>{@value #MAX_WRONG_PASSWORDS_OF_NAME} wrong passwords per hour for a name, from all addresses together. It
 *       stops an attacker who guesses from many addresses. It does not apply to addresses from which the user has
 *       signed in during the last 30 days, so that the user is not locked out there.
 * </ul>
 *
 * <p>A secret whose check is running is treated as wrong until the check ends. Otherwise all secrets of a burst would
 * be checked before the first wrong one is counted. If the running checks could use up a limit, a further request waits
 * until they end. Right secrets that arrive together are therefore not refused.
 *
 * <p>IPv6 addresses of one {@link ClientNetwork} are counted together. Sign-ins to the console and requests for tokens
 * are also counted together. Each process of the service has its own counts, in memory. Thread-safe.
 */
@Component
public final class WrongSecretLimit {

    /**
     * The principal for which a code of an OpenID Connect issuer is checked, because the name of the person is not
     * known before the check.
     */
    public static final String UNKNOWN_PERSON = OidcPerson.PREFIX;

    /** The number of wrong secret keys, codes, or passwords for one name, that an address may send in a minute. */
    public static final int MAX_WRONG_KEYS = 10;

    static final int MAX_WRONG_PASSWORDS_OF_ADDRESS = 30;
    static final int MAX_WRONG_PASSWORDS_OF_NAME = 100;

    /** The time from the first wrong secret of an address until its wrong secrets are forgotten. */
    static final Duration PERIOD = Duration.ofMinutes(1);

    /** The time from the first wrong password for a name until the wrong passwords for it are forgotten. */
    static final Duration NAME_PERIOD = Duration.ofHours(1);

    /** The time for which an address stays known for a user after the last right password from it. */
    static final Duration KNOWN_PERIOD = Duration.ofDays(30);

    /** The maximum time that a request waits until the running checks of other secrets end. */
    private static final int MAX_WAIT_SECONDS = 10;

    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();

    /** Signals that the check of a secret has ended. */
    private final Condition checkEnded = lock.newCondition();

    // All fields below are guarded by the lock.
    private final WrongSecretCounter keysPerAddress = new WrongSecretCounter(MAX_WRONG_KEYS, PERIOD);
    private final WrongSecretCounter codesPerAddress = new WrongSecretCounter(MAX_WRONG_KEYS, PERIOD);
    private final WrongSecretCounter passwordsPerNameAndAddress = new WrongSecretCounter(MAX_WRONG_KEYS, PERIOD);
    private final WrongSecretCounter passwordsPerAddress =
            new WrongSecretCounter(MAX_WRONG_PASSWORDS_OF_ADDRESS, PERIOD);
    private final WrongSecretCounter passwordsPerName =
            new WrongSecretCounter(MAX_WRONG_PASSWORDS_OF_NAME, NAME_PERIOD);

    /** The addresses from which users have sent the right password, with the time of the last password. */
    private final Map<NetworkAndName, Instant> knownAddresses = new LinkedHashMap<>();

    /** Says why a secret is refused without a check. */
    public enum WrongSecretRefusal {
        /** The address has sent too many wrong secrets, at most a minute ago. */
        ADDRESS(PERIOD, "The wrong secrets came from your address. Wait a minute, then try again."),
        /** Too many wrong passwords for the name have come, from any addresses, at most an hour ago. */
        NAME(
                NAME_PERIOD,
                "The wrong passwords were for this name, from many addresses. Wait an hour, or sign in from an"
                        + " address from which you have done so before.");

        private final Duration longest;
        private final String advice;

        /**
         * Creates a reason.
         *
         * @param longest the longest time for which secrets are refused; {@code advice} names the same time
         */
        WrongSecretRefusal(Duration longest, String advice) {
            this.longest = longest;
            this.advice = advice;
        }

        /**
         * Returns the error for a client whose secret is refused. Its message says where the wrong secrets came from,
         * and how long to wait.
         */
        public RequestRefusedException error() {
            return RequestRefusedException.of(ErrorCode.TOO_MANY_WRONG_KEYS, advice, longest);
        }
    }

    private record NetworkAndName(String network, String name) {}

    /**
     * Describes one limit to which a wrong secret adds.
     *
     * @param key the address, the name or the pair of both whose wrong secrets the limit counts
     * @param refusal why further secrets are refused once the limit is reached; null if wrong secrets are only counted,
     *     because the address is known for the user
     */
    private record CountedLimit(
            WrongSecretCounter counter,
            Object key,
            @Nullable WrongSecretRefusal refusal) {

        boolean isFull(Instant now) {
            return refusal != null && counter.isFull(key, now);
        }

        boolean canGetFull(Instant now) {
            return refusal != null && counter.canGetFull(key, now);
        }
    }

    WrongSecretLimit(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Checks a secret from an address for an access key or a user, unless too many earlier secrets were wrong. Waits up
     * to 10 s while the running checks could use up a limit. After a right password, the address is known for the user.
     *
     * @param principal access key id or name of a user, which need not exist, or {@link #UNKNOWN_PERSON}
     * @param check returns whom the secret identifies, or empty if it is wrong; if it throws an exception, the secret
     *     is treated as neither right nor wrong
     * @throws RequestRefusedException if the running checks take too long
     */
    public <T> SecretCheck<T> check(String address, String principal, Supplier<Optional<T>> check) {
        String network = ClientNetwork.of(address);
        List<CountedLimit> limits;
        lock.lock();
        try {
            limits = limits(network, principal);
            WrongSecretRefusal refusal = begin(limits);
            if (refusal != null) {
                return new SecretCheck.Refused<>(refusal);
            }
        } finally {
            lock.unlock();
        }

        // The check runs without the lock, because it takes long.
        boolean isWrong = false;
        boolean isRight = false;
        try {
            Optional<T> found = check.get();
            isRight = found.isPresent();
            isWrong = !isRight;
            return found.<SecretCheck<T>>map(SecretCheck.Right::new).orElseGet(SecretCheck.Wrong::new);
        } finally {
            end(limits, isWrong);
            if (isRight && Caller.isUser(principal)) {
                recordKnown(new NetworkAndName(network, principal));
            }
        }
    }

    /** Returns the limits that count a wrong secret for a principal from a network. */
    private List<CountedLimit> limits(String network, String principal) {
        if (OidcPerson.isPerson(principal)) {
            return List.of(new CountedLimit(codesPerAddress, network, WrongSecretRefusal.ADDRESS));
        }
        if (!Caller.isUser(principal)) {
            return List.of(new CountedLimit(keysPerAddress, network, WrongSecretRefusal.ADDRESS));
        }
        // All texts that cannot be a name are treated as one name, because long texts as keys of their own would fill
        // the memory.
        String name = UserName.isValid(principal) ? principal : "";
        NetworkAndName pair = new NetworkAndName(network, name);
        return List.of(
                new CountedLimit(passwordsPerNameAndAddress, pair, WrongSecretRefusal.ADDRESS),
                new CountedLimit(passwordsPerAddress, network, WrongSecretRefusal.ADDRESS),
                new CountedLimit(
                        passwordsPerName, name, isKnown(pair, clock.instant()) ? null : WrongSecretRefusal.NAME));
    }

    /**
     * Waits while the running checks could use up a limit, and then counts the secret as being checked. Returns why the
     * secret must not be checked, or null if it may be checked. The caller must have the lock.
     */
    private @Nullable WrongSecretRefusal begin(List<CountedLimit> limits) {
        long nanosLeft = TimeUnit.SECONDS.toNanos(MAX_WAIT_SECONDS);
        while (true) {
            Instant now = clock.instant();
            for (CountedLimit limit : limits) {
                if (limit.isFull(now)) {
                    return limit.refusal();
                }
            }
            if (limits.stream().noneMatch(limit -> limit.canGetFull(now))) {
                limits.forEach(limit -> limit.counter().begin(limit.key()));
                return null;
            }
            try {
                nanosLeft = checkEnded.awaitNanos(nanosLeft);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                nanosLeft = 0;
            }
            if (nanosLeft <= 0) {
                throw RequestRefusedException.of(ErrorCode.OVERLOADED, "Too many secrets are checked at once.");
            }
        }
    }

    /** Ends the check of a secret: counts the secret if it is wrong, and wakes the requests that wait. */
    private void end(List<CountedLimit> limits, boolean isWrong) {
        lock.lock();
        try {
            Instant now = clock.instant();
            for (CountedLimit limit : limits) {
                limit.counter().end(limit.key());
                if (isWrong) {
                    limit.counter().add(limit.key(), now);
                }
            }
            checkEnded.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Records that a user has just sent the right password from a network. */
    private void recordKnown(NetworkAndName pair) {
        lock.lock();
        try {
            knownAddresses.remove(pair);
            knownAddresses.put(pair, clock.instant());
            WrongSecretCounter.forgetOldest(knownAddresses);
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether the user has sent the right password from the network in the last {@link #KNOWN_PERIOD}. */
    private boolean isKnown(NetworkAndName pair, Instant now) {
        Instant last = knownAddresses.get(pair);
        return last != null && !now.isAfter(last.plus(KNOWN_PERIOD));
    }
}
