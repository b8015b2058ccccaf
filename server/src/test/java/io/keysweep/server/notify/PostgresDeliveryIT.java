package io.keysweep.server.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestDatabase;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Runs {@link DeliveryContract} on a real PostgreSQL. */
final class PostgresDeliveryIT extends DeliveryContract {

    @Override
    DataSource dataSource() {
        return TestDatabase.postgres();
    }

    @Test
    void endOfAScan_whileTheEndOfAnotherScanIsStored_doesNotWait() {
        simulation.transaction.executeWithoutResult(status -> {
            simulation.notices.onScanEnded(simulation.scanEnded(/* failure= */ null));
            assertThat(CompletableFuture.runAsync(
                            () -> simulation.endScan(/* failure= */ null),
                            task -> Thread.ofPlatform().daemon().start(task)))
                    .succeedsWithin(Duration.ofMinutes(1));
        });

        assertThat(simulation.deliveryStore.list(
                        hook.webhook().id(), /* state= */ null, /* offset= */ 0, /* limit= */ 10))
                .hasSize(2);
    }
}
