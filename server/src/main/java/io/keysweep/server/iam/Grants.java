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
 * The grants of a caller are the statements of its actions and policies, and the instances to which it is narrowed.
 *
 * <p>An action is allowed on an instance if a statement allows it there, no statement denies it there, and the
 * narrowing selects the instance. An action that concerns more than one instance, such as a hold of the project, must
 * be allowed <em>everywhere</em>: by a statement for all instances, without any statement that denies it on some, and
 * without a narrowing. Code that asks about no instance therefore refuses a narrowed caller.
 *
 * @param statements statements of actions and policies, in any order
 * @param narrowing instances outside of which nothing is allowed
 * @param limit grants of the owner, beyond which nothing is allowed; null for none
 */
public record Grants(
        List<AccessStatement> statements,
        InstanceSelector narrowing,
        @Nullable Grants limit) {

    /** Allows nothing. */
    public static final Grants NONE = new Grants(List.of(), InstanceSelector.ALL);

    public Grants {
        statements = List.copyOf(statements);
    }

    /** Creates grants that no other grants limit. */
    public Grants(List<AccessStatement> statements, InstanceSelector narrowing) {
        this(statements, narrowing, /* limit= */ null);
    }

    /** Returns these grants without what other grants do not allow, too. */
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

    /** Returns whether an action may be allowed on an instance of the project; which one, is left open. */
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

    /** Returns whether any action is allowed on an instance. Otherwise the caller must not learn that it exists. */
    boolean show(UUID id, Map<String, String> tags) {
        return Arrays.stream(Action.values()).anyMatch(action -> allow(action, id, tags));
    }

    /** Returns whether these grants allow every action of this and of later releases, everywhere. */
    public boolean allowAll() {
        return narrowing.isAll()
                && (limit == null || limit.allowAll())
                && statements.stream().allMatch(AccessStatement::allow)
                && statements.stream()
                        .anyMatch(statement -> statement.actions().contains(Action.EVERYTHING)
                                && statement.instances().isAll());
    }

    /**
     * Returns an action that other grants allow and these do not, by its name or pattern; empty if these grants surely
     * allow at least as much. In cases that cannot be decided, such as ids against tags, the answer is the action.
     * A limit of the other grants does not count, so the answer can name an action too many.
     */
    public Optional<String> missingFor(Grants other) {
        Stream<String> actions = Arrays.stream(Action.values())
                .filter(action -> !has(other, action))
                .map(Action::wireName);
        Stream<String> openNames = other.statements.stream()
                .filter(AccessStatement::allow)
                .flatMap(statement -> statement.openNames().stream().filter(name -> !contain(other, statement, name)))
                .sorted();
        Stream<String> beyondLimit = limit == null ? Stream.empty() : limit.missingFor(other).stream();
        return Stream.of(actions, openNames, beyondLimit)
                .flatMap(names -> names)
                .findFirst();
    }

    private boolean has(Grants other, Action action) {
        if (!other.allowSomewhere(action)) {
            return true;
        }
        return isOpenTo(action)
                && other.allowing(action)
                        .allMatch(given -> allowing(action).anyMatch(own -> within(other, given, own))
                                && denying(action).allMatch(denial -> keeps(other, given, denial, action)));
    }

    /** Returns whether a pattern, or the older name for several actions, is contained in a name of these grants. */
    private boolean contain(Grants other, AccessStatement given, String name) {
        return statements.stream().anyMatch(own -> own.allow() && own.names(name) && within(other, given, own));
    }

    /** Returns whether a statement of others concerns only instances that an own statement concerns too. */
    private boolean within(Grants other, AccessStatement given, AccessStatement own) {
        return Stream.of(own.instances(), narrowing)
                .allMatch(wider ->
                        Stream.of(given.instances(), other.narrowing).anyMatch(narrower -> narrower.isWithin(wider)));
    }

    /** Returns whether what these grants deny stays denied to others, as far as a statement of theirs allows it. */
    private static boolean keeps(Grants other, AccessStatement given, AccessStatement denial, Action action) {
        return other.denying(action).anyMatch(theirs -> denial.instances().isWithin(theirs.instances()))
                || given.instances().isApartFrom(denial.instances())
                || other.narrowing.isApartFrom(denial.instances());
    }

    /**
     * Returns whether the grants do not forbid an action by themselves. Who changes instances could change the tags by
     * which it is restricted, or register a server again under another id to escape a denial. Therefore such a caller
     * cannot change instances at all.
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
