package io.keysweep.server.notify;

import io.keysweep.server.retention.BatchedDelete;
import io.keysweep.server.retention.RetentionRule;
import java.time.Instant;
import java.time.ZoneOffset;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Deletes deliveries that ended longer ago than the retention allows.
 *
 * <p>A delivery is one notice about an event for one webhook. Only the age decides, not the number of deliveries.
 */
@Component
public class DeliveryRetention implements RetentionRule {

    /**
     * Deletes the oldest of the deliveries that ended before {@code :before}, at most {@code :batch}. Pending
     * deliveries have no {@code finished_at} and are not deleted.
     */
    private static final String DELETE_OLD = """
            delete from webhook_delivery where id in (
                select id from webhook_delivery where finished_at < :before order by finished_at limit :batch)
            """;

    private final JdbcClient jdbc;

    public DeliveryRetention(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public String subject() {
        return "deliveries to webhooks";
    }

    @Override
    public int purge(Instant before, int maxPerInstance) {
        return BatchedDelete.run(size -> jdbc.sql(DELETE_OLD)
                .param("before", before.atOffset(ZoneOffset.UTC))
                .param("batch", size)
                .update());
    }
}
