package io.keysweep.engine.estimate;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests which of several failures the user reads. */
final class DeploymentEstimateTest {

    private static final NodeRefusedException AWAY =
            new NodeRefusedException("a:1", Reason.UNREACHABLE, "a:1 accepts no connection");
    private static final EstimateRefusedException NOT_AGREED =
            new EstimateRefusedException("b:1", EstimateRefusedException.Reason.PRIMARY_NOT_AGREED_TO, "b:1");

    @Test
    void complete_requestMustChangeForALaterPrimary_throwsThat() {
        assertThatThrownBy(() -> new DeploymentEstimate(List.of(), List.of(AWAY, NOT_AGREED)).complete())
                .isSameAs(NOT_AGREED);
    }

    @Test
    void complete_primariesThatCannotBeRead_throwsTheFirst() {
        NodeRefusedException later = new NodeRefusedException("c:1", Reason.LOADING, "c:1 is loading");
        assertThatThrownBy(() -> new DeploymentEstimate(List.of(), List.of(AWAY, later)).complete())
                .isSameAs(AWAY);
    }
}
