package io.keysweep.server.iam;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Grants say what a caller may do and on which instances; they combine statements, a narrowing and a limit.
 *
 * <p>An action is allowed on an instance if a statement allows it on that instance, no statement denies it on that
 * instance, and the narrowing selects the instance. An action that concerns the whole project, such as a project hold,
 * must be allowed <em>everywhere</em>. That is, a statement allows it on all instances, no statement denies it on any
 * instance, and there is no narrowing. For example, a statement that allows {@link Action#CONTROL_SCANS} on one
 * instance lets the caller pause scans of this instance, but not set the project hold.
 *
 * @param statements statements from the actions and policies of the caller, in any order
 * @param narrowing the only instances on which anything is allowed
 * @param limit grants of the user who owns the access key, which must also allow each action; null for no limit
 */
public record Grants(
        List<AccessStatement> statements,
        InstanceSelector narrowing,
        @Nullable Grants limit) {

    /** Grants that allow nothing. */
    public static final Grants NONE = new Grants(List.of(), InstanceSelector.ALL);

    public Grants {
        statements = List.copyOf(statements);
    }

    /** Creates grants that no other grants limit. */
    public Grants(List<AccessStatement> statements, InstanceSelector narrowing) {
        this(statements, narrowing, /* limit= */ null);
    }

    /**
     * Returns grants that allow only actions that both these grants and other grants allow.
     *
     * @param other becomes the limit, instead of a limit that these grants may have
     */
    public Grants within(Grants other) {
        return new Grants(statements, narrowing, other);
    }

    /** Returns grants that allow actions everywhere. */
    public static Grants of(Set<String> actions) {
        return new Grants(List.of(AccessStatement.allowing(actions)), InstanceSelector.ALL);
    }

    /** Returns whether an action is allowed on everything that belongs to the project. */
    boolean allowEverywhere(Action action) {
        return narrowing.isAll()
                && isOpenTo(action)
                && allowing(action).anyMatch(statement -> statement.instances().isAll())
                && denying(action).findAny().isEmpty()
                && (limit == null || limit.allowEverywhere(action));
    }

    /** Returns whether an action can be allowed on some instance; false only if it is certainly allowed on none. */
    boolean allowSomewhere(Action action) {
        return isOpenTo(action)
                && allowing(action).findAny().isPresent()
                && denying(action).noneMatch(statement -> statement.instances().isAll())
                && (limit == null || limit.allowSomewhere(action));
    }

    /** Returns whether an action is allowed on an instance with an id and tags. */
    boolean allow(Action action, UUID id, Map<String, String> tags) {
        return narrowing.selects(id, tags)
                && isOpenTo(action)
                && allowing(action).anyMatch(statement -> statement.instances().selects(id, tags))
                && denying(action).noneMatch(statement -> statement.instances().selects(id, tags))
                && (limit == null || limit.allow(action, id, tags));
    }

    /** Returns whether any action is allowed on an instance. If none is, the caller must not learn that it exists. */
    boolean allowAny(UUID id, Map<String, String> tags) {
        return Arrays.stream(Action.values()).anyMatch(action -> allow(action, id, tags));
    }

    /** Returns whether these grants allow all actions on all instances, including actions of later releases. */
    public boolean allowAll() {
        return narrowing.isAll()
                && (limit == null || limit.allowAll())
                && statements.stream().allMatch(AccessStatement::allow)
                && statements.stream()
                        .anyMatch(statement -> statement.actions().contains(Action.EVERYTHING)
                                && statement.instances().isAll());
    }

    /**
     * Returns an action that other grants allow and these grants do not allow. Returns empty if these grants allow at
     * least as much.
     *
     * <p>The result can name an action that these grants do allow, for two reasons: a statement for ids and a statement
     * for tags cannot be compared, and the limit of the other grants is ignored.
     *
     * @return name of an action, or a pattern
     */
    public Optional<String> missingFor(Grants other) {
        Stream<String> actions = Arrays.stream(Action.values())
                .filter(action -> !allowWherever(other, action))
                .map(Action::wireName);

        // Names for several actions, such as patterns, also allow actions of later releases.
        Stream<String> openNames = other.statements.stream()
                .filter(AccessStatement::allow)
                .flatMap(
                        statement -> statement.openNames().stream().filter(name -> !allowAllOf(other, statement, name)))
                .sorted();

        Stream<String> beyondLimit = limit == null ? Stream.empty() : limit.missingFor(other).stream();
        return Stream.of(actions, openNames, beyondLimit)
                .flatMap(names -> names)
                .findFirst();
    }

    /** Returns whether these grants allow an action on every instance on which other grants allow the action. */
    private boolean allowWherever(Grants other, Action action) {
        if (!other.allowSomewhere(action)) {
            return true;
        }
        return isOpenTo(action)
                && other.allowing(action)
                        .allMatch(statement -> allowing(action).anyMatch(wider -> isWithin(other, statement, wider))
                                && denying(action).allMatch(denial -> keepsDenial(other, statement, denial, action)));
    }

    /**
     * Returns whether these grants allow all that a name for several actions allows in a statement of other grants.
     *
     * @param name a pattern, or {@link Action#ANALYZE}
     */
    private boolean allowAllOf(Grants other, AccessStatement statement, String name) {
        return statements.stream()
                .anyMatch(wider -> wider.allow() && wider.names(name) && isWithin(other, statement, wider));
    }

    /**
     * Returns whether a statement of other grants concerns only instances that a statement of these grants concerns.
     *
     * @param statement statement of the other grants
     * @param wider statement of these grants
     */
    private boolean isWithin(Grants other, AccessStatement statement, AccessStatement wider) {
        return Stream.of(wider.instances(), narrowing)
                .allMatch(selector -> Stream.of(statement.instances(), other.narrowing)
                        .anyMatch(narrower -> narrower.isWithin(selector)));
    }

    /**
     * Returns whether a denial of these grants stays in force: other grants must not allow the action on an instance on
     * which the denial forbids it.
     *
     * @param statement statement of the other grants that allows the action
     * @param denial statement of these grants that denies the action
     */
    private static boolean keepsDenial(Grants other, AccessStatement statement, AccessStatement denial, Action action) {
        return other.denying(action).anyMatch(otherDenial -> denial.instances().isWithin(otherDenial.instances()))
                || statement.instances().isApartFrom(denial.instances())
                || other.narrowing.isApartFrom(denial.instances());
    }

    /**
     * Returns false for {@link Action#MANAGE_INSTANCES} if tags or denials restrict the caller. Such a caller could
     * escape the restriction: change the tags of an instance, or register the same server again under another id.
     */
    private boolean isOpenTo(Action action) {
        return action != Action.MANAGE_INSTANCES || !isRestrictedByTagsOrDenials();
    }

    private boolean isRestrictedByTagsOrDenials() {
        return narrowing.tags() != null
                || statements.stream()
                        .anyMatch(statement -> statement.instances().tags() != null
                                || (!statement.allow() && !statement.instances().isAll()));
    }

    private Stream<AccessStatement> allowing(Action action) {
        return statements.stream().filter(statement -> statement.allow() && statement.concerns(action));
    }

    private Stream<AccessStatement> denying(Action action) {
        return statements.stream().filter(statement -> !statement.allow() && statement.concerns(action));
    }
}
