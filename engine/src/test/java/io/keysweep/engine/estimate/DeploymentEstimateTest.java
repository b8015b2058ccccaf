package io.keysweep.engine.estimate;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Tests which failure the user reads if the estimates of several primaries fail. {@link DeploymentEstimate#complete}
 * throws if a primary has no estimate.
 */
final class DeploymentEstimateTest {

    private final NodeRefusedException unreachable =
            new NodeRefusedException("a:1", Reason.UNREACHABLE, "a:1 accepts no connection");
    private final EstimateRefusedException sampleNotAllowed =
            new EstimateRefusedException("b:1", EstimateRefusedException.Reason.PRIMARY_SAMPLE_NOT_ALLOWED, "b:1");

    /** The user can allow the sample of a primary, so the second failure is the more useful one. */
    @Test
    void complete_oneFailureCanBeAvoidedByAnOption_throwsThatOne() {
        assertThatThrownBy(() -> new DeploymentEstimate(List.of(), List.of(unreachable, sampleNotAllowed)).complete())
                .isSameAs(sampleNotAllowed);
    }

    @Test
    void complete_primariesThatCannotBeRead_throwsTheFirst() {
        NodeRefusedException loading = new NodeRefusedException("c:1", Reason.LOADING, "c:1 is loading");
        assertThatThrownBy(() -> new DeploymentEstimate(List.of(), List.of(unreachable, loading)).complete())
                .isSameAs(unreachable);
    }
}
