package io.keysweep.server.iam;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Tests which actions grants allow, and which rights of other grants are missing in them.
 *
 * <p>Grants are the statements of an access key or a user, each of which allows or denies actions on some instances.
 */
class GrantsTest {

    private static final UUID INSTANCE_A = UUID.fromString("00000000-0000-0000-0000-00000000000a");

    private static final UUID INSTANCE_B = UUID.fromString("00000000-0000-0000-0000-00000000000b");

    private static final InstanceSelector ONLY_A = InstanceSelector.ofIds(Set.of(INSTANCE_A));
    private static final InstanceSelector ONLY_TEST = InstanceSelector.ofTags(Map.of("env", "test"));

    private static final Map<String, String> NO_TAGS = Map.of();

    /** The tags of an instance that {@link #ONLY_TEST} selects. */
    private static final Map<String, String> TAGS_OF_TEST = Map.of("env", "test", "team", "x");

    /** Returns grants that apply to all instances. */
    private static Grants grants(AccessStatement... statements) {
        return new Grants(Arrays.asList(statements), InstanceSelector.ALL);
    }

    private static AccessStatement allow(InstanceSelector instances, String... actions) {
        return new AccessStatement(/* allow= */ true, Set.of(actions), instances);
    }

    private static AccessStatement deny(InstanceSelector instances, String... actions) {
        return new AccessStatement(/* allow= */ false, Set.of(actions), instances);
    }

    @Test
    void allow_ofTheActionsOfAKey_isTrueOnAllInstances() {
        Grants grants = Grants.of(Set.of("dcs:instance:analyze", "keysweep:hold:manage"));
        assertThat(grants.allowEverywhere(Action.CONTROL_SCANS)).isTrue();
        assertThat(grants.allowEverywhere(Action.HOLD_ALL)).isTrue();
        assertThat(grants.allow(Action.LIST_SCANS, INSTANCE_A, NO_TAGS)).isTrue();
        assertThat(grants.allowSomewhere(Action.LIST_INSTANCES)).isFalse();
        assertThat(grants.allowAll()).isFalse();
        assertThat(Grants.NONE.allowAny(INSTANCE_A, NO_TAGS)).isFalse();
    }

    @Test
    void allow_ofGrantsNarrowedToAnInstance_isTrueOnThisInstanceOnly() {
        Grants narrowed = new Grants(List.of(allow(InstanceSelector.ALL, "*")), ONLY_A);
        assertThat(narrowed.allow(Action.CONTROL_SCANS, INSTANCE_A, NO_TAGS)).isTrue();
        assertThat(narrowed.allow(Action.CONTROL_SCANS, INSTANCE_B, TAGS_OF_TEST))
                .isFalse();
        assertThat(narrowed.allowAny(INSTANCE_B, TAGS_OF_TEST)).isFalse();
        assertThat(narrowed.allowSomewhere(Action.LIST_SCANS)).isTrue();

        for (Action action : Action.values()) {
            assertThat(narrowed.allowEverywhere(action)).as("%s", action).isFalse();
        }
        assertThat(narrowed.allowAll()).isFalse();
    }

    @Test
    void allow_ofAStatementForATag_isTrueOnInstancesWithTheTagOnly() {
        Grants byTag = grants(allow(ONLY_TEST, "dcs:instance:*"));
        assertThat(byTag.allow(Action.LIST_SCANS, INSTANCE_B, TAGS_OF_TEST)).isTrue();
        assertThat(byTag.allow(Action.LIST_SCANS, INSTANCE_B, Map.of("env", "prod")))
                .isFalse();
        assertThat(byTag.allowEverywhere(Action.LIST_SCANS)).isFalse();
        assertThat(byTag.allowSomewhere(Action.CONTROL_SCANS)).isFalse();
    }

    @Test
    void allow_ofAnActionThatIsAllowedAndDenied_isFalse() {
        Grants grants = grants(allow(InstanceSelector.ALL, "*"), deny(ONLY_A, "keysweep:scan:*"));
        assertThat(grants.allow(Action.CONTROL_SCANS, INSTANCE_A, NO_TAGS)).isFalse();
        assertThat(grants.allow(Action.CONTROL_SCANS, INSTANCE_B, NO_TAGS)).isTrue();
        assertThat(grants.allow(Action.LIST_SCANS, INSTANCE_A, NO_TAGS)).isTrue();

        // The denial on one instance also forbids a hold of the project, which would pause scans of this instance.
        assertThat(grants.allowEverywhere(Action.CONTROL_SCANS)).isFalse();
        assertThat(grants.allowAll()).isFalse();
        assertThat(grants(allow(InstanceSelector.ALL, "*"), deny(InstanceSelector.ALL, "dcs:instance:analyze"))
                        .allowSomewhere(Action.CONTROL_SCANS))
                .isFalse();
    }

    @Test
    void changeOfAnInstance_byAKeyThatTagsOrDenialsLimit_isNotAllowed() {
        // The key is limited by a tag. It could change the tag, and so its own rights.
        Grants byTag = grants(allow(ONLY_TEST, "*"));
        assertThat(byTag.allow(Action.MANAGE_INSTANCES, INSTANCE_A, TAGS_OF_TEST))
                .isFalse();

        // The key has a denial on one instance.
        Grants denied = grants(allow(InstanceSelector.ALL, "*"), deny(ONLY_A, "keysweep:scan:control"));
        assertThat(denied.allowEverywhere(Action.MANAGE_INSTANCES)).isFalse();

        // A key that is limited by an id can change this instance, and no other one.
        Grants byId = grants(allow(ONLY_A, "keysweep:instance:manage"));
        assertThat(byId.allow(Action.MANAGE_INSTANCES, INSTANCE_A, TAGS_OF_TEST))
                .isTrue();
        assertThat(byId.allowEverywhere(Action.MANAGE_INSTANCES)).isFalse();

        // The first two keys cannot give this action to another key.
        assertThat(byTag.missingFor(Grants.of(Set.of("keysweep:instance:manage"))))
                .hasValue("keysweep:instance:manage");
        assertThat(denied.missingFor(Grants.of(Set.of("keysweep:instance:manage"))))
                .hasValue("keysweep:instance:manage");
    }

    @Test
    void matches_aPatternWithStars_isTrueForCompleteNamesOnly() {
        assertThat(AccessStatement.matches("*", "a:b")).isTrue();
        assertThat(AccessStatement.matches("keysweep:*:manage", "keysweep:hold:manage"))
                .isTrue();
        assertThat(AccessStatement.matches("keysweep:*:manage", "keysweep:manage"))
                .isFalse();
        assertThat(AccessStatement.matches("*:manage", "keysweep:hold:manage")).isTrue();
        assertThat(AccessStatement.matches("ab*ba", "aba")).isFalse();
        assertThat(AccessStatement.matches("a*b*c", "a-c-b-c")).isTrue();
        assertThat(AccessStatement.matches("a.c", "abc")).isFalse();
        assertThat(AccessStatement.matches("**", "")).isTrue();
    }

    @Test
    void missingFor_grantsWithFewerOrTheSameRights_isEmpty() {
        // Grants miss nothing of themselves, and nothing of smaller grants.
        Grants everything = Grants.of(Set.of("*"));
        assertThat(everything.missingFor(everything)).isEmpty();
        assertThat(everything.missingFor(grants(allow(ONLY_TEST, "keysweep:*"))))
                .isEmpty();
        assertThat(Grants.of(Set.of("dcs:instance:analyze")).missingFor(Grants.of(Set.of("dcs:instance:analyze"))))
                .isEmpty();
        assertThat(grants(allow(ONLY_A, "*")).missingFor(new Grants(List.of(allow(InstanceSelector.ALL, "*")), ONLY_A)))
                .isEmpty();

        // The same is true for grants with a denial.
        Grants most = grants(allow(InstanceSelector.ALL, "*"), deny(InstanceSelector.ALL, "keysweep:audit:read"));
        assertThat(most.missingFor(most)).isEmpty();
        assertThat(Grants.NONE.missingFor(grants(deny(InstanceSelector.ALL, "*"))))
                .isEmpty();

        // An action that statements both allow and deny is not granted.
        assertThat(most.missingFor(grants(
                        allow(InstanceSelector.ALL, "keysweep:audit:read"),
                        deny(InstanceSelector.ALL, "keysweep:audit:read"))))
                .isEmpty();
    }

    @Test
    void missingFor_grantsWithMoreRights_namesAnActionThatTheGiverLacks() {
        assertMissing(
                Grants.of(Set.of("dcs:instance:list")), Grants.of(Set.of("dcs:instance:get")), "dcs:instance:get");

        // A list of all present actions is less than "*", which includes future actions.
        Grants each = Grants.of(Set.copyOf(Action.names().stream()
                .filter(name -> !name.equals(Action.EVERYTHING))
                .toList()));
        assertMissing(each, Grants.of(Set.of("*")), "*");
        assertMissing(each, grants(allow(InstanceSelector.ALL, "keysweep:*")), "keysweep:*");
        assertMissing(
                Grants.of(Set.of("dcs:instance:analyzeExpiredKey")),
                Grants.of(Set.of("dcs:instance:analyze")),
                "dcs:instance:getAutoExpiredKeyScanTask");

        // Rights on one instance are less than rights on more instances.
        Grants onA = grants(allow(ONLY_A, "dcs:instance:get"));
        assertMissing(onA, Grants.of(Set.of("dcs:instance:get")), "dcs:instance:get");
        assertMissing(
                onA,
                grants(allow(InstanceSelector.ofIds(Set.of(INSTANCE_A, INSTANCE_B)), "dcs:instance:get")),
                "dcs:instance:get");
        assertMissing(onA, grants(allow(ONLY_TEST, "dcs:instance:get")), "dcs:instance:get");

        Grants narrowed = new Grants(List.of(allow(InstanceSelector.ALL, "dcs:instance:get")), ONLY_A);
        assertMissing(narrowed, Grants.of(Set.of("dcs:instance:get")), "dcs:instance:get");
    }

    @Test
    void missingFor_grantsWithoutADenialThatTheGiverHas_namesTheDeniedAction() {
        Grants denied = grants(allow(InstanceSelector.ALL, "*"), deny(ONLY_A, "dcs:instance:get"));
        assertMissing(denied, Grants.of(Set.of("dcs:instance:get")), "dcs:instance:get");

        // The given rights have the same denial, or do not concern the denied instance.
        assertThat(denied.missingFor(
                        grants(allow(InstanceSelector.ALL, "dcs:instance:get"), deny(ONLY_A, "dcs:instance:get"))))
                .isEmpty();
        assertThat(denied.missingFor(grants(allow(InstanceSelector.ofIds(Set.of(INSTANCE_B)), "dcs:instance:get"))))
                .isEmpty();

        // The denied instance could have the tag.
        assertMissing(denied, grants(allow(ONLY_TEST, "dcs:instance:get")), "dcs:instance:get");
    }

    @Test
    void builtInRoles_fromViewerToAdministrator_containThePreviousRole() {
        Grants viewer = grants(BuiltInRole.VIEWER.statements().getFirst());
        Grants operator = grants(BuiltInRole.OPERATOR.statements().getFirst());
        Grants administrator = grants(BuiltInRole.ADMINISTRATOR.statements().getFirst());

        assertThat(operator.missingFor(viewer)).isEmpty();
        assertThat(viewer.missingFor(operator)).isPresent();
        assertThat(administrator.missingFor(operator)).isEmpty();
        assertThat(operator.missingFor(administrator)).isPresent();
        assertThat(administrator.allowAll()).isTrue();
        assertThat(operator.allowEverywhere(Action.CONTROL_SCANS)).isTrue();
        assertThat(viewer.allowSomewhere(Action.CONTROL_SCANS)).isFalse();
    }

    @Test
    void within_otherGrants_allowsOnlyWhatBothAllow() {
        Grants everything = Grants.of(Set.of(Action.EVERYTHING));
        Grants reading = Grants.of(Set.of("dcs:instance:get", "dcs:instance:list"));
        Grants limitedGrants = everything.within(reading);

        assertThat(limitedGrants.allowEverywhere(Action.GET_INSTANCE)).isTrue();
        assertThat(limitedGrants.allowEverywhere(Action.MANAGE_INSTANCES)).isFalse();
        assertThat(limitedGrants.allowSomewhere(Action.MANAGE_INSTANCES)).isFalse();
        assertThat(limitedGrants.allowAll()).isFalse();
        assertThat(everything.within(everything).allowAll()).isTrue();
        assertThat(limitedGrants.missingFor(reading)).isEmpty();
        assertThat(limitedGrants.missingFor(everything)).isPresent();

        Grants onOneInstance = everything.within(new Grants(List.of(allow(InstanceSelector.ALL, "*")), ONLY_A));
        assertThat(onOneInstance.allowEverywhere(Action.GET_INSTANCE)).isFalse();
        assertThat(onOneInstance.allowSomewhere(Action.GET_INSTANCE)).isTrue();
    }

    /** Checks that a caller with the grants {@code own} cannot grant {@code given}, because an action is missing. */
    private static void assertMissing(Grants own, Grants given, String action) {
        assertThat(own.missingFor(given)).isEqualTo(Optional.of(action));
    }
}
