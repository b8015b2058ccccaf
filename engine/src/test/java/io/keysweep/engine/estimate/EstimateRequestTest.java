package io.keysweep.engine.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.keysweep.engine.insight.PictureRequest;
import io.keysweep.engine.insight.PrefixRequest;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tests that an estimate reads no prefixes if the names of keys must stay on the server. */
final class EstimateRequestTest {

    private static final Deployment DEPLOYMENT =
            new Deployment.Standalone(new NodeAddress("127.0.0.1", 6379), Access.OPEN);

    @Test
    void prefixes_whereNamesStay_areRefused() {
        PictureRequest withPrefixes = PictureRequest.of(
                Duration.ofHours(1), Duration.ofMinutes(10), new PrefixRequest(":", /* depth= */ 1, /* top= */ 10));
        EstimateRequest requestWithNamesStaying = new EstimateRequest(
                DEPLOYMENT, /* exact= */ false, /* samplePrimary= */ false, /* namesStay= */ true, /* picture= */ null);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> requestWithNamesStaying.with(withPrefixes))
                .withMessage("prefixes are parts of names, which must stay on the server");
        assertThat(requestWithNamesStaying.with(PictureRequest.DEFAULT).picture())
                .isEqualTo(PictureRequest.DEFAULT);
        assertThat(new EstimateRequest(DEPLOYMENT, /* exact= */ false, /* samplePrimary= */ false)
                        .with(withPrefixes)
                        .picture())
                .isEqualTo(withPrefixes);
    }
}
