package io.keysweep.server.retention;

import io.keysweep.server.config.ServiceSettings;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Deletes records that have been kept for long enough, by applying every {@link RetentionRule} with the limits of the
 * settings.
 *
 * <p>By default, ended scans and deliveries to webhooks are kept for 90 days. At most 1000 ended scans are kept for
 * each instance (a registered Redis server or cluster). {@link RetentionTask} calls this class every hour.
 */
@Component
class Retention {

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    private final List<RetentionRule> rules;
    private final ServiceSettings settings;
    private final InstantSource clock;

    Retention(List<RetentionRule> rules, ServiceSettings settings, InstantSource clock) {
        this.rules = List.copyOf(rules);
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Applies all rules, and logs what they have deleted. Returns the number of deleted records by subject, for example
     * {@code scans}; a subject without deleted records is left out. If a rule throws an exception, the method logs the
     * exception and applies the other rules. The next run applies the failed rule again.
     */
    Map<String, Integer> run() {
        Instant cutoff = clock.instant().minus(settings.retentionAge());
        Map<String, Integer> removedBySubject = new TreeMap<>();
        for (RetentionRule rule : rules) {
            try {
                int count = rule.purge(cutoff, settings.retentionScans());
                if (count > 0) {
                    removedBySubject.put(rule.subject(), count);
                }
            } catch (RuntimeException e) {
                LOG.warn("Retention cannot remove {} at the moment. The next run tries again.", rule.subject(), e);
            }
        }
        if (!removedBySubject.isEmpty()) {
            LOG.info("Retention has removed {}", removedBySubject);
        }
        return removedBySubject;
    }
}
