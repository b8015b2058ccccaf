package io.keysweep.server.approval;

import io.keysweep.api.ApprovalView;
import io.keysweep.engine.text.ForeignText;
import io.keysweep.server.approval.Approval.ApprovalState;
import io.keysweep.server.audit.AuditFields;
import io.keysweep.server.audit.AuditResource;
import io.keysweep.server.audit.AuditTrail;
import io.keysweep.server.control.CeilingFinder;
import io.keysweep.server.control.Intervention;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.FieldProblem;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.CallerLookup;
import io.keysweep.server.iam.OidcPerson;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceAccess;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.scan.ApprovalRequests;
import io.keysweep.server.scan.ScanCreation;
import io.keysweep.server.scan.ScanRequest;
import io.keysweep.server.timeline.EventType;
import io.keysweep.server.timeline.Timeline;
import io.keysweep.server.timeline.TimelineEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stores requests for scans above the ceilings of their instances, and lets a second access key approve or reject them.
 *
 * <p>A ceiling is a value of the pace that no scan may exceed without approval, set for a project, a tag or an
 * instance. An approval creates the scan with the requested pace, and adds an event to the timeline of the scan. A
 * request expires after 24 hours. An instance has at most one open request. Thread-safe.
 */
@Service
public class Approvals implements ApprovalRequests {

    private static final Duration TIME_TO_DECIDE = Duration.ofHours(24);

    /** The maximum length in characters of the stored sentences about ceilings; longer text is cut off. */
    private static final int MAX_ABOVE_LENGTH = 2_000;

    private static final int MAX_LISTED = 100;

    private final ApprovalStore store;
    private final ScanCreation scans;
    private final InstanceStore instances;
    private final InstanceAccess access;
    private final CeilingFinder ceilings;
    private final CallerLookup callers;
    private final Timeline timeline;
    private final TransactionTemplate transaction;
    private final JsonMapper json;
    private final InstantSource clock;

    Approvals(
            ApprovalStore store,
            ScanCreation scans,
            InstanceStore instances,
            InstanceAccess access,
            CeilingFinder ceilings,
            CallerLookup callers,
            Timeline timeline,
            TransactionTemplate transaction,
            JsonMapper json,
            InstantSource clock) {
        this.store = store;
        this.scans = scans;
        this.instances = instances;
        this.access = access;
        this.ceilings = ceilings;
        this.callers = callers;
        this.timeline = timeline;
        this.transaction = transaction;
        this.json = json;
        this.clock = clock;
    }

    @Override
    public Optional<ApprovalView> keep(Caller caller, UUID instanceId, JsonNode body, RequestRefusedException refusal) {
        if (!ceilings.find(instanceId).needsApproval()) {
            return Optional.empty();
        }
        return Optional.of(
                Objects.requireNonNull(transaction.execute(status -> storeRequest(caller, instanceId, body, refusal))));
    }

    /**
     * Stores a request in the current transaction. If the caller has sent the same request before, and the earlier
     * request is still open, returns the earlier one.
     *
     * @throws RequestRefusedException if another request for the instance is open, or if the instance does not exist
     */
    private ApprovalView storeRequest(Caller caller, UUID instanceId, JsonNode body, RequestRefusedException refusal) {
        Instance instance = access.require(caller, instanceId, Action.ANALYZE_EXPIRED_KEY);
        // Two simultaneous requests for an instance must not both become its open request, so the second waits for this
        // lock.
        if (!instances.lock(instanceId)) {
            throw RequestRefusedException.of(ErrorCode.UNKNOWN_INSTANCE);
        }

        // A repeated request gets the open request; any other request for the instance is refused.
        Instant now = now();
        String request = body.toString();
        Approval open = store.findOpen(instanceId, now).orElse(null);
        if (open != null) {
            if (open.requestedBy().equals(caller.accessKey()) && open.request().equals(request)) {
                return open.view(now);
            }
            throw RequestRefusedException.of(
                    ErrorCode.APPROVAL_PENDING,
                    Phrase.of("It is {0}, by {1}, until {2}.", open.id(), open.requestedBy(), open.expiresAt()));
        }

        // The refusal names each value of the pace that is above a ceiling.
        String sentences =
                refusal.problems().stream().map(FieldProblem::sentence).collect(Collectors.joining(" "));
        Approval approval = new Approval(
                UUID.randomUUID(),
                instanceId,
                ApprovalState.PENDING,
                request,
                ScanRequest.of(body).pace().description(),
                ForeignText.beginning(sentences, MAX_ABOVE_LENGTH),
                caller.accessKey(),
                now,
                now.plus(TIME_TO_DECIDE),
                /* decidedBy= */ null,
                /* decisionReason= */ null,
                /* decidedAt= */ null,
                /* scanId= */ null);
        store.insert(approval);

        AuditTrail.creation(
                resource(approval, instance),
                new AuditFields()
                        .with("state", "pending")
                        .with("asked", approval.requestedPace())
                        .with("above", approval.exceededCeilings())
                        .with("expiresAt", approval.expiresAt()));
        return approval.view(now);
    }

    /** Returns the requests of the caller's project, the newest first, at most 100. */
    public List<ApprovalView> list(Caller caller) {
        caller.requireActionSomewhere(Action.LIST_SCANS);
        Instant now = now();
        Set<UUID> instanceIds = access.ids(caller, Action.LIST_SCANS).orElse(null);
        if (instanceIds != null && instanceIds.isEmpty()) {
            return List.of();
        }
        return store.list(caller.projectId(), instanceIds, MAX_LISTED).stream()
                .map(approval -> approval.view(now))
                .toList();
    }

    /** Returns a request of the caller's project; refuses an id that no request of the project has. */
    public ApprovalView get(Caller caller, String id) {
        return find(caller, id, Action.LIST_SCANS).view(now());
    }

    /**
     * Approves a request, and creates the scan with the requested pace.
     *
     * @throws RequestRefusedException in each of these cases:
     *     <ul>
     *       <li>the caller is not allowed to approve, or has made the request itself;
     *       <li>the request was decided, or has expired;
     *       <li>the requester is no longer allowed to scan the instance; the request can still be approved later;
     *       <li>the instance has an active scan; the request can still be approved later.
     *     </ul>
     *
     * @throws io.keysweep.engine.topology.NodeRefusedException if the server cannot be swept
     */
    public ApprovalView approve(Caller caller, String id, Intervention decision) {
        Approval approval = requireOpen(caller, id);
        if (isRequestedBy(approval, caller)) {
            throw RequestRefusedException.of(
                    ErrorCode.OWN_REQUEST, "Somebody else must approve it; the keys of a user count as the user.");
        }
        Instance instance = access.require(caller, approval.instanceId(), Action.APPROVE_SCANS);
        requireRequesterMayScan(approval, instance);
        ScanRequest request = ScanRequest.of(json.readTree(approval.request()));
        scans.createApproved(instance, request, approval.requestedBy(), caller.accessKey(), scan -> {
            storeDecision(approval, instance, ApprovalState.APPROVED, decision, scan.id());
            timeline.add(
                    TimelineEvent.of(scan.id(), EventType.APPROVED, scan.createdAt(), decision.by(), decision.why())
                            .withDetail(approval.requestedPace()));
        });
        return find(caller, id, Action.APPROVE_SCANS).view(now());
    }

    /**
     * Returns whether a caller has made a request itself, with the same access key or with another key of the same
     * user.
     */
    private boolean isRequestedBy(Approval approval, Caller caller) {
        String requester = approval.requestedBy();
        return requester.equals(caller.accessKey())
                || callers.findAbsent(requester)
                        .map(Caller::holder)
                        .filter(caller.holder()::equals)
                        .isPresent();
    }

    /**
     * Refuses to approve a request if its requester is no longer allowed to scan the instance, for example because its
     * access key was withdrawn. A request of a person of an OpenID Connect issuer is not checked, because the rights of
     * such a person are known only with a token.
     */
    private void requireRequesterMayScan(Approval approval, Instance instance) {
        if (OidcPerson.isPerson(approval.requestedBy())) {
            return;
        }
        boolean mayScan = callers.findAbsent(approval.requestedBy())
                .filter(requester -> requester.projectId().equals(instance.projectId())
                        && requester.may(
                                Action.ANALYZE_EXPIRED_KEY,
                                instance.id(),
                                instance.tags().values()))
                .isPresent();
        if (!mayScan) {
            throw RequestRefusedException.of(
                    ErrorCode.APPROVAL_OVER,
                    Phrase.of(
                            "{0} may not scan this instance any more. Reject it, and request the scan again.",
                            approval.requestedBy()));
        }
    }

    /**
     * Rejects a request. A requester who is allowed to approve scans can also reject its own request.
     *
     * @throws RequestRefusedException if the caller is not allowed to approve, or if the request was decided or has
     *     expired
     */
    public ApprovalView reject(Caller caller, String id, Intervention decision) {
        Approval approval = requireOpen(caller, id);
        Instance instance = access.require(caller, approval.instanceId(), Action.APPROVE_SCANS);
        transaction.executeWithoutResult(
                status -> storeDecision(approval, instance, ApprovalState.REJECTED, decision, /* scanId= */ null));
        return find(caller, id, Action.APPROVE_SCANS).view(now());
    }

    /**
     * Stores a decision in the current transaction.
     *
     * @throws RequestRefusedException if the request was decided before, or has expired
     */
    private void storeDecision(
            Approval approval, Instance instance, ApprovalState state, Intervention decision, @Nullable UUID scanId) {
        if (!store.decide(approval.id(), state, decision, scanId)) {
            throw notOpen(approval);
        }
        AuditTrail.change(
                resource(approval, instance),
                new AuditFields().with("state", "pending"),
                new AuditFields()
                        .with("state", state == ApprovalState.APPROVED ? "approved" : "rejected")
                        .with("scanId", scanId));
    }

    /** Returns a request that the caller may decide about; refuses a request that is no longer open. */
    private Approval requireOpen(Caller caller, String id) {
        Approval approval = find(caller, id, Action.APPROVE_SCANS);
        if (!approval.isOpen(now())) {
            throw notOpen(approval);
        }
        return approval;
    }

    /** Returns a request about an instance on which the caller has an action; refuses other requests as unknown. */
    private Approval find(Caller caller, String id, Action action) {
        caller.requireActionSomewhere(action);
        return parseUuid(id)
                .flatMap(uuid -> store.find(caller.projectId(), uuid))
                .filter(approval ->
                        access.find(caller, approval.instanceId(), action).isPresent())
                .orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_APPROVAL));
    }

    private static Optional<UUID> parseUuid(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static RequestRefusedException notOpen(Approval approval) {
        return RequestRefusedException.of(
                ErrorCode.APPROVAL_OVER,
                Phrase.of("It was open until {0}. Request the scan again.", approval.expiresAt()));
    }

    private static AuditResource resource(Approval approval, Instance instance) {
        return new AuditResource(
                "approval",
                approval.id().toString(),
                /* name= */ null,
                instance.projectId(),
                instance.id().toString());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
