package io.keysweep.server.control;

import io.keysweep.api.text.Amounts;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.FieldProblem;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Contains all ceilings that apply to the scans of one instance: the ceilings of its project and of its tags, and its
 * own.
 *
 * <p>A ceiling is a value of the pace that no scan may exceed without approval. If several owners set a ceiling for a
 * field, the strictest one applies. A request that names a higher value is refused, see {@link #requireWithin}, or
 * waits for an approval if {@code needsApproval} is true. A value that a request leaves open is lowered, see {@link
 * #lower}. Immutable.
 *
 * @param owned ceilings of each owner, in the order project, tags, instance
 * @param needsApproval whether a request above the ceilings waits for an approval instead of being refused
 */
public record Ceilings(List<Owned> owned, boolean needsApproval) {

    /** Sets no ceiling. */
    public static final Ceilings NONE = new Ceilings(List.of(), /* needsApproval= */ false);

    private static final Pattern DESCRIBED_PROFILE = fieldPattern("maxProfile", "[a-z]+");
    private static final Pattern DESCRIBED_LATENCY = fieldPattern("maxLatencyMs", "[0-9][0-9.E-]*");

    public Ceilings {
        owned = List.copyOf(owned);
    }

    /**
     * Contains the ceilings of one owner: a project, an instance or a tag.
     *
     * @param owner the owner, as messages name it: {@code the project}, {@code the instance}, {@code the tag env=prod}
     * @param values ceilings of the owner
     */
    public record Owned(Phrase owner, CeilingValues values) {}

    /**
     * Names the strictest ceiling of a field.
     *
     * @param field name of the field in the document of the ceilings, such as {@code maxShare}
     * @param value the ceiling itself, such as 0.25
     * @param owner who has set the ceiling, as messages name the owner
     */
    public record Tightest<T extends Comparable<? super T>>(String field, T value, Phrase owner) {

        /** Returns where the ceiling comes from, such as {@code maxShare of the project}. */
        Phrase source() {
            return Phrase.of("{0} of {1}", field, owner);
        }

        /** Returns the value as text, such as {@code gentle} or {@code 0.25}. */
        public String text() {
            return value instanceof Profile profile ? profile.wireName() : value.toString();
        }
    }

    /**
     * Returns the ceilings that still apply to a scan after a second person has approved it: the ceilings of load, of
     * key names and of assist. An approval lifts only the ceilings of profile, share and rate.
     */
    Ceilings forApproved() {
        return new Ceilings(
                owned.stream()
                        .map(entry -> new Owned(entry.owner(), entry.values().withoutPace()))
                        .toList(),
                needsApproval);
    }

    /** Lowers each part of the pace that is above its strictest ceiling to that ceiling, and returns the result. */
    public PacePolicy lower(PacePolicy pace) {
        PacePolicy loweredPace = pace;
        for (Owned entry : owned) {
            loweredPace = entry.values().lower(loweredPace);
        }
        return loweredPace;
    }

    /** Returns whether key names must never leave the server. */
    public boolean namesStay() {
        return owned.stream().anyMatch(entry -> entry.values().namesStay());
    }

    /**
     * Returns the strictest ceiling of assist: false if an owner forbids assist, otherwise true if an owner allows it.
     * Returns null if no owner has set this ceiling.
     */
    private @Nullable Tightest<Boolean> tightestAssist() {
        return tightest("assist", CeilingValues::assist);
    }

    /**
     * Returns whether the servers of the instance may be assisted, that is, whether their settings may be raised for a
     * while. A ceiling that forbids assist always applies. Otherwise the setting of the instance decides, or the
     * ceiling if the instance has no setting.
     *
     * @param ofInstance setting of the instance; null if the instance leaves the decision to its ceilings
     */
    public boolean allowAssist(@Nullable Boolean ofInstance) {
        Tightest<Boolean> ceiling = tightestAssist();
        boolean isForbidden = ceiling != null && !ceiling.value();
        if (isForbidden) {
            return false;
        }
        boolean isAllowedByCeiling = ceiling != null;
        return ofInstance == null ? isAllowedByCeiling : ofInstance;
    }

    /**
     * Checks that the instance and its ceilings allow the requested use of assist.
     *
     * @param requested requested use of assist, or null if the request leaves that open
     * @param ofInstance setting of the instance; null if the instance leaves the decision to its ceilings
     * @throws RequestRefusedException if assist is requested and not allowed; the message names who forbids it
     */
    public void requireAssistAllowed(@Nullable AssistMode requested, @Nullable Boolean ofInstance) {
        if (requested == null || requested == AssistMode.NONE || allowAssist(ofInstance)) {
            return;
        }
        Tightest<Boolean> ceiling = tightestAssist();
        Phrase why = ceiling != null && !ceiling.value()
                ? Phrase.of("{0} forbids it", ceiling.source())
                : Phrase.of("the setting assist of the instance does not allow it");
        throw RequestRefusedException.fields(
                ErrorCode.INVALID_PARAMETER,
                List.of(FieldProblem.of("assist", requested.wireName(), Phrase.of("none, because {0}", why))));
    }

    /** Returns the strictest ceiling of the rate in keys per second; null if there is none. */
    public @Nullable Tightest<Long> rate() {
        return tightest("maxRate", CeilingValues::maxRate);
    }

    /** Returns the strictest ceiling of each field that has one, in the order of the document. */
    public List<Tightest<?>> inForce() {
        List<Tightest<?>> tightestCeilings = new ArrayList<>();
        add(tightestCeilings, tightest("maxProfile", CeilingValues::maxProfile));
        add(tightestCeilings, tightest("maxShare", CeilingValues::maxShare));
        add(tightestCeilings, rate());
        add(tightestCeilings, tightest("namesStay", values -> values.namesStay() ? Boolean.TRUE : null));
        add(tightestCeilings, tightest("maxLatencyMs", CeilingValues::maxLatencyMs));
        add(tightestCeilings, tightest("maxReplicaLagBytes", CeilingValues::maxReplicaLag));
        add(tightestCeilings, tightest("maxEvictions", CeilingValues::maxEvictions));
        add(tightestCeilings, tightestAssist());
        return tightestCeilings;
    }

    /** Returns the ceilings in force for users, such as {@code maxShare 0.2 (the project)}; empty if there are none. */
    public String description() {
        return inForce().stream()
                .map(ceiling -> ceiling.field() + " " + ceiling.text() + " (" + ceiling.owner() + ")")
                .collect(Collectors.joining(", "));
    }

    /**
     * Reads from a {@link #description} the two ceilings that lower limits of latency: the ceiling of the profile and
     * the ceiling of the latency itself. Leaves out all other ceilings. The timeline of a scan stores its ceilings only
     * as this text, and the chart of latency needs these two.
     */
    public static Ceilings latencyIn(String description) {
        Matcher profile = DESCRIBED_PROFILE.matcher(description);
        Matcher latency = DESCRIBED_LATENCY.matcher(description);
        CeilingValues values = new CeilingValues(
                profile.find() ? Profile.ofWireName(profile.group(1)).orElse(null) : null,
                /* maxShare= */ null,
                /* maxRate= */ null,
                /* namesStay= */ false,
                latency.find() ? (Double) Double.parseDouble(latency.group(1)) : null,
                /* maxReplicaLag= */ null,
                /* maxEvictions= */ null,
                /* assist= */ null);
        return new Ceilings(List.of(new Owned(Phrase.of("the scan"), values)), /* needsApproval= */ false);
    }

    /**
     * Returns the pattern of a field in a {@link #description}; its group is the value.
     *
     * @param value regular expression of the value
     */
    private static Pattern fieldPattern(String field, String value) {
        // A tag cannot contain a parenthesis, so the name of an owner cannot look like a field.
        return Pattern.compile("\\b" + field + " (" + value + ") \\(");
    }

    /**
     * Checks that no value of a requested pace is above a ceiling.
     *
     * @throws RequestRefusedException if a value is above its ceiling; the message names each such field with its
     *     value, the ceiling and the owner of the ceiling
     */
    public void requireWithin(PaceChange change) {
        List<FieldProblem> problems = new ArrayList<>();
        check(
                problems,
                "profile",
                change.profile(),
                Profile::wireName,
                tightest("maxProfile", CeilingValues::maxProfile));
        check(
                problems,
                "stallBudgetMs",
                change.stallBudget(),
                budget -> String.valueOf(Amounts.milliseconds(budget)),
                tightestFromProfile(PacePolicy::stallBudget));
        check(
                problems,
                "share",
                change.share(),
                String::valueOf,
                tighter(tightest("maxShare", CeilingValues::maxShare), tightestFromProfile(PacePolicy::shareCeiling)));

        // A request can name a rate ceiling, or ask for no rate ceiling at all.
        Tightest<Long> rate = rate();
        check(problems, "rateCeiling", change.rateCeiling(), String::valueOf, rate);
        if (change.withoutRateCeiling() && rate != null) {
            problems.add(problem("rateCeiling", "null", rate.text(), rate));
        }

        refuse(problems);
    }

    /** Refuses a request with fields above a ceiling; does nothing if the list is empty. */
    public static void refuse(List<FieldProblem> problems) {
        if (!problems.isEmpty()) {
            throw RequestRefusedException.fields(ErrorCode.ABOVE_CEILING, problems);
        }
    }

    /**
     * Describes a value above a ceiling: {@code share is '1.0', must be at most 0.25 (maxShare of the project).}
     *
     * @param field name of the field in the request
     * @param value value in the request
     * @param allowed highest value that the ceiling allows for the field
     */
    public static FieldProblem problem(String field, String value, String allowed, Tightest<?> ceiling) {
        return FieldProblem.of(field, value, Phrase.of("at most {0} ({1})", allowed, ceiling.source()));
    }

    /**
     * Adds a problem if a requested value is above its ceiling.
     *
     * @param text returns a value as text for the message
     */
    private static <T extends Comparable<? super T>> void check(
            List<FieldProblem> problems,
            String field,
            @Nullable T requested,
            Function<T, String> text,
            @Nullable Tightest<T> ceiling) {
        if (requested != null && ceiling != null && requested.compareTo(ceiling.value()) > 0) {
            problems.add(problem(field, text.apply(requested), text.apply(ceiling.value()), ceiling));
        }
    }

    /** Reads one field from the ceilings of an owner. */
    @FunctionalInterface
    private interface CeilingReader<T> {

        /** Returns the value, or null if the owner has set none. */
        @Nullable T of(CeilingValues values);
    }

    /**
     * Returns the strictest ceiling of a field. If several owners have set the same value, returns the ceiling of the
     * first owner. Returns null if no owner has set the field.
     */
    private <T extends Comparable<? super T>> @Nullable Tightest<T> tightest(String name, CeilingReader<T> field) {
        Tightest<T> tightest = null;
        for (Owned entry : owned) {
            T value = field.of(entry.values());
            if (value != null) {
                tightest = tighter(tightest, new Tightest<>(name, value, entry.owner()));
            }
        }
        return tightest;
    }

    /** Returns the ceiling with the lower value, or the first ceiling if both are equal; null if both are null. */
    private static <T extends Comparable<? super T>> @Nullable Tightest<T> tighter(
            @Nullable Tightest<T> first, @Nullable Tightest<T> second) {
        if (first == null || second == null) {
            return first == null ? second : first;
        }
        return second.value().compareTo(first.value()) < 0 ? second : first;
    }

    /**
     * Returns the ceiling that the highest allowed profile sets for a part of the pace. Returns null if every profile
     * is allowed.
     */
    private <T extends Comparable<? super T>> @Nullable Tightest<T> tightestFromProfile(Function<PacePolicy, T> part) {
        Tightest<Profile> profile = tightest("maxProfile", CeilingValues::maxProfile);
        return profile == null
                ? null
                : new Tightest<>(profile.field(), part.apply(profile.value().pace()), profile.owner());
    }

    private static void add(List<Tightest<?>> tightestCeilings, @Nullable Tightest<?> ceiling) {
        if (ceiling != null) {
            tightestCeilings.add(ceiling);
        }
    }
}
