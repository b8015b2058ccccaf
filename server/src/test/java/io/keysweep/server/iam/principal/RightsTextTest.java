package io.keysweep.server.iam.principal;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.iam.AccessStatement;
import io.keysweep.server.iam.InstanceSelector;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Tests that rights are the same after the service has written them to text and read the text.
 *
 * <p>A statement allows or denies actions. A selector chooses the instances that a statement concerns.
 */
class RightsTextTest {

    private static final InstanceSelector ONLY_ONE = InstanceSelector.ofIds(Set.of(UUID.randomUUID()));
    private static final InstanceSelector ONLY_TEST = InstanceSelector.ofTags(Map.of("env", "test"));

    @Test
    void statementsAndSelectors_writtenAndReadAgain_areTheSame() {
        List<AccessStatement> statements = List.of(
                new AccessStatement(/* allow= */ true, Set.of("keysweep:scan:*", "dcs:instance:get"), ONLY_ONE),
                new AccessStatement(/* allow= */ false, Set.of("*"), ONLY_TEST),
                new AccessStatement(/* allow= */ true, Set.of("*"), InstanceSelector.ALL));

        assertThat(RightsText.parseStatements(RightsText.formatStatements(statements)))
                .isEqualTo(statements);
        assertThat(RightsText.parseSelector(RightsText.formatSelector(ONLY_TEST)))
                .isEqualTo(ONLY_TEST);
        assertThat(RightsText.parseSelector(RightsText.formatSelector(InstanceSelector.ALL)))
                .isEqualTo(InstanceSelector.ALL);
    }
}
