package io.keysweep.server.console.instance;

import io.keysweep.api.AdviceView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Describes what the page of an instance offers, so that a user can follow the advice about dead keys.
 *
 * <p>Dead keys are expired keys that still use memory. The advice recommends how to deal with them.
 *
 * <p>The methods that templates call are public.
 *
 * @param kind what is offered
 * @param advice the advice
 * @param startForm for {@link OfferKind#PASSES}, the fields of the start policy with the backlog target; otherwise empty
 * @param start for {@link OfferKind#START}, when the scan would start; otherwise null
 */
record AdviceOffer(
        OfferKind kind,
        AdviceView advice,
        Map<String, String> startForm,
        @Nullable Instant start) {

    /** Names what is offered. */
    enum OfferKind {
        /** Nothing, because there is nothing to do. */
        NONE,
        /** A button that starts a scan. */
        SCAN,
        /** A button that sets a single automatic start at the proposed time. */
        START,
        /**
         * A button that sets a backlog target, so that passes begin: scans that keep the dead keys below the target.
         */
        PASSES,
        /** A button that allows assist: scans may then raise settings of the server for a while. */
        ASSIST,
        /** Commands to copy, because the server itself must be set up differently. */
        COMMAND,
        /** Settings that only the provider of the server can change, because the server does not report them. */
        PROVIDER,
        /** Nothing, because the instance is already set up as advised. */
        DONE,
        /** Nothing, because a ceiling forbids what the advice recommends. */
        FORBIDDEN,
        /** Nothing, because the caller is not allowed to follow the advice. */
        NOT_ALLOWED
    }

    /** Kinds without a button, for which the page says the reason in a sentence. */
    private static final Set<OfferKind> SENTENCES = Set.of(OfferKind.DONE, OfferKind.FORBIDDEN, OfferKind.NOT_ALLOWED);

    /** Creates an offer that needs no values. */
    static AdviceOffer of(OfferKind kind, AdviceView advice) {
        return new AdviceOffer(kind, advice, Map.of(), /* start= */ null);
    }

    /**
     * Returns this offer if the caller may follow it; otherwise an offer that says that the caller is not allowed to.
     */
    AdviceOffer onlyIf(boolean isAllowed) {
        return isAllowed ? this : of(OfferKind.NOT_ALLOWED, advice);
    }

    /** Returns whether the kind has this name; templates use the name of the enum constant. */
    public boolean is(String name) {
        return kind.name().equals(name);
    }

    /** Returns whether the page says in a sentence why there is no button. */
    public boolean isSentence() {
        return SENTENCES.contains(kind);
    }

    /** Returns the recommended option, with its backlog and its cost. */
    public AdviceView.Option best() {
        return advice.options().getFirst();
    }

    /** Returns the time between two starts of an option; zero if the option has no starts. */
    public Duration interval(AdviceView.Option option) {
        Long seconds = option.intervalSeconds();
        return Duration.ofSeconds(seconds == null ? 0 : seconds);
    }

    /**
     * Returns the commands that set the server up as advised, such as {@code CONFIG SET hz 100}; none if the
     * recommended option changes no setting.
     */
    public List<String> commands() {
        String setting = best().setting();
        return setting == null
                ? List.of()
                : Stream.of(setting.split(",", -1))
                        .map(each -> "CONFIG SET " + each.strip())
                        .toList();
    }
}
