package io.keysweep.server.estimate;

import io.keysweep.api.EstimateView;
import io.keysweep.engine.estimate.BacklogEstimator;
import io.keysweep.engine.estimate.Estimate;
import io.keysweep.engine.estimate.EstimateRefusedException;
import io.keysweep.engine.estimate.EstimateRequest;
import io.keysweep.engine.estimate.EstimateTotal;
import io.keysweep.engine.estimate.SweepCost;
import io.keysweep.engine.insight.Insight;
import io.keysweep.engine.insight.PictureRequest;
import io.keysweep.engine.insight.PrefixRequest;
import io.keysweep.server.audit.AuditFields;
import io.keysweep.server.audit.AuditResource;
import io.keysweep.server.audit.AuditTrail;
import io.keysweep.server.control.CeilingFinder;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.FieldProblem;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.request.DocumentReader;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;

/**
 * Estimates how many dead keys an instance has, on demand or for a forecast, and stores the last result.
 *
 * <p>Dead keys are expired keys that still hold memory; their number is the backlog. Within one process, only one
 * estimate of an instance runs at a time. Different processes can estimate an instance at the same time. Thread-safe.
 */
@Service
public class Estimates {

    private static final Set<String> FIELDS = Set.of(
            "exact",
            "samplePrimary",
            "picture",
            "forecastMinutes",
            "stepMinutes",
            "prefixes",
            "separator",
            "depth",
            "top");

    /** Stands for the access key of an estimate that the service makes without a request; users see this text. */
    private static final String FORECASTER = "scheduled forecast";

    private final BacklogEstimator estimator;
    private final EstimateStore store;
    private final CeilingFinder ceilings;
    private final InstantSource clock;

    /** Ids of the instances that this process is estimating. */
    private final Set<UUID> runningIds = ConcurrentHashMap.newKeySet();

    Estimates(BacklogEstimator estimator, EstimateStore store, CeilingFinder ceilings, InstantSource clock) {
        this.estimator = estimator;
        this.store = store;
        this.ceilings = ceilings;
        this.clock = clock;
    }

    /**
     * Estimates the backlog of an instance on the calling thread, as a body of the native API asks for it. Stores the
     * result even if the client has disconnected. Prefixes of key names are in the result, but are not stored.
     *
     * <p>By default a sample of the keys of a replica is read, which takes tens of seconds. A replica removes no key
     * when it is read, so the estimate changes nothing there. With {@code exact} every key of a replica is read, which
     * takes longer. With {@code samplePrimary} a primary without a readable replica is sampled, which removes the dead
     * keys in the sample.
     *
     * @param body body of the request, or null if it has none
     * @param by id of the access key that requests the estimate
     * @throws RequestRefusedException if a field breaks its rule, if the servers cannot be estimated in the requested
     *     way, or if this process is already estimating the instance
     * @throws io.keysweep.engine.topology.NodeRefusedException if a server cannot be read
     * @throws IllegalStateException if the calling thread is interrupted, because the service stops
     */
    public EstimateView make(Instance instance, @Nullable JsonNode body, String by) {
        DocumentReader reader = DocumentReader.ofOptional(body, FIELDS);
        boolean exact = reader.flag("exact").orElse(false);
        boolean samplePrimary = reader.flag("samplePrimary").orElse(false);
        Optional<PictureRequest> picture = PictureReader.read(reader);
        // The estimate begins only if all fields are valid.
        return reader.requireValid(() -> make(instance, exact, samplePrimary, picture.orElse(null), by));
    }

    /**
     * Estimates the backlog of an instance on its replicas, with a forecast of the next 24 hours. Stores the result as
     * the last estimate.
     *
     * @throws RequestRefusedException if no replica can be read, or if this process is already estimating the instance
     * @throws io.keysweep.engine.topology.NodeRefusedException if a server cannot be read
     * @throws IllegalStateException if the calling thread is interrupted, because the service stops
     */
    void makeForecast(Instance instance) {
        make(instance, /* exact= */ false, /* samplePrimary= */ false, PictureRequest.DEFAULT, FORECASTER);
    }

    /** Makes an estimate, or refuses the request if another estimate of the instance runs in this process. */
    private EstimateView make(
            Instance instance, boolean exact, boolean samplePrimary, @Nullable PictureRequest picture, String by) {
        // Two estimates at a time would only double the load on the servers.
        if (!runningIds.add(instance.id())) {
            throw RequestRefusedException.of(ErrorCode.ESTIMATE_RUNNING, "Get its result when it has ended.");
        }

        try {
            boolean namesStay = ceilings.find(instance.id()).namesStay();
            PrefixRequest prefixes = picture == null ? null : picture.prefixes();
            if (namesStay && prefixes != null) {
                throw fieldRefusal(
                        "prefixes",
                        Phrase.of(" is not possible: a ceiling of the instance keeps key names on the server"
                                + " (namesStay)"));
            }

            List<Estimate> estimates = estimator.estimate(
                    new EstimateRequest(instance.deployment(), exact, samplePrimary, namesStay, picture));
            Insight insight = EstimateTotal.insight(estimates, prefixes == null ? 0 : prefixes.top());
            EstimateView view = view(instance, by, estimates, insight);

            store.save(instance, view.withoutPrefixes(), insight == null ? null : insight.forecast());
            AuditTrail.creation(
                    new AuditResource("estimate", instance.id().toString(), instance.name(), instance.projectId()),
                    new AuditFields()
                            .with("exact", exact)
                            .with("samplePrimary", samplePrimary)
                            .with("prefixes", prefixes != null));
            return view;
        } catch (EstimateRefusedException e) {
            throw toRefusal(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The service is stopping", e);
        } finally {
            runningIds.remove(instance.id());
        }
    }

    /** Returns the last estimate of an instance; empty if there is none yet. */
    public Optional<EstimateView> last(Instance instance) {
        return store.find(instance.id());
    }

    /** Converts a refusal of the engine to a refusal that names the request field to change. */
    private static RequestRefusedException toRefusal(EstimateRefusedException e) {
        String reason = String.valueOf(e.getMessage());
        return switch (e.reason()) {
            case EXACT_NEEDS_REPLICA ->
                fieldRefusal("exact", Phrase.of(" is not possible, because no replica can be read: {0}", reason));
            case PRIMARY_SAMPLE_NOT_ALLOWED ->
                fieldRefusal("samplePrimary", Phrase.of(" is necessary, because no replica can be read: {0}", reason));
            case SAMPLE_NEEDS_KNOWN_CURSORS ->
                fieldRefusal("exact", Phrase.of(" is necessary for this server: {0}", reason));
        };
    }

    private static RequestRefusedException fieldRefusal(String field, Phrase detail) {
        return RequestRefusedException.fields(List.of(new FieldProblem(field, detail)));
    }

    /**
     * Builds the result for an instance: the sums over its primaries. The result is exact only if the estimate of each
     * primary is exact.
     *
     * @param insight the insight into all primaries together; null if no picture was requested
     */
    private EstimateView view(Instance instance, String by, List<Estimate> estimates, @Nullable Insight insight) {
        return new EstimateView(
                instance.id().toString(),
                by,
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                estimates.stream().mapToLong(Estimate::dead).sum(),
                Estimate.deadBytes(estimates),
                estimates.stream().allMatch(Estimate::exact),
                estimates.stream().map(Estimates::primary).toList(),
                InsightViews.view(insight),
                AdviceViews.view(EstimateTotal.advice(estimates)));
    }

    private static EstimateView.Primary primary(Estimate estimate) {
        SweepCost cost = estimate.cost();
        return new EstimateView.Primary(
                estimate.nodeId(),
                estimate.countedOn(),
                estimate.method().name(),
                estimate.keys(),
                estimate.volatileKeys(),
                estimate.dead(),
                estimate.lowest(),
                estimate.highest(),
                estimate.exact(),
                estimate.sampledKeys(),
                estimate.reclaimed(),
                estimate.deadBytes(),
                new EstimateView.SweepSeconds(seconds(cost.gentle()), seconds(cost.balanced()), seconds(cost.full())));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
