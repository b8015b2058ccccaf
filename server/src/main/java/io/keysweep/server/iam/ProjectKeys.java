package io.keysweep.server.iam;

import io.keysweep.api.AccessKeyView;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.request.IdempotencyKey;
import io.keysweep.server.request.IdempotencyStore;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Shows, makes and withdraws the access keys of projects. Nobody gives or takes what they may not do themselves, and no
 * key withdraws itself: so there always is one left that may do everything.
 */
@Service
class ProjectKeys {

    private final IamStore store;
    private final IdempotencyStore keys;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    ProjectKeys(IamStore store, IdempotencyStore keys, TransactionTemplate transaction, InstantSource clock) {
        this.store = store;
        this.keys = keys;
        this.transaction = transaction;
        this.clock = clock;
    }

    /** Without secrets, the oldest first. */
    List<AccessKeyView> list(Project project) {
        return store.accessKeys(project.id());
    }

    /**
     * Makes a key, whose secret is in the answer and nowhere else; or finds the one that the same request has made,
     * without its secret.
     *
     * @param idempotency null for a request that makes one each time it comes
     * @throws RequestRefusedException for an action that is unknown, or that the caller may not do, or if the idempotency
     *     key was used for another request
     */
    AccessKeyView create(
            Caller caller, Project project, @Nullable List<String> actions, @Nullable IdempotencyKey idempotency) {
        String rule = "one at least of " + Action.names();
        if (actions == null || actions.isEmpty()) {
            throw RequestRefusedException.parameter("actions", actions == null ? null : "[]", rule);
        }
        for (String action : actions) {
            if (action == null || !Action.known(action)) {
                throw RequestRefusedException.parameter("actions", String.valueOf(action), rule);
            }
        }
        requireAll(caller, actions);
        Optional<AccessKeyView> earlier = earlier(caller, project, idempotency);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        AccessKeyPair pair = AccessKeys.generate();
        try {
            transaction.executeWithoutResult(status -> {
                store.insert(
                        new AccessKey(pair.accessKey(), project.id(), pair.secretKey(), Set.copyOf(actions)),
                        clock.instant().truncatedTo(ChronoUnit.MILLIS));
                keys.keep(caller.projectId(), idempotency, made(pair.accessKey()));
            });
        } catch (DuplicateKeyException e) {
            // The same request has come in twice at once, and the other was quicker.
            return earlier(caller, project, idempotency).orElseThrow(() -> e);
        }
        AccessKeyView made = find(project, pair.accessKey());
        return new AccessKeyView(
                made.accessKey(),
                made.projectId(),
                made.actions(),
                made.createdAt(),
                pair.secretKey().text());
    }

    private Optional<AccessKeyView> earlier(Caller caller, Project project, @Nullable IdempotencyKey idempotency) {
        return keys.earlier(
                caller.projectId(),
                idempotency,
                id -> store.accessKeys(project.id()).stream()
                        .filter(key -> made(key.accessKey()).equals(id))
                        .findFirst());
    }

    /** Stands for an access key where only UUIDs are kept. */
    private static UUID made(String accessKey) {
        return UUID.nameUUIDFromBytes(("access-key:" + accessKey).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Withdraws a key: it signs nothing from now on, and its tokens are no longer good.
     *
     * @throws RequestRefusedException if the project has none of that id, or the caller may not do what it may
     */
    @Transactional
    public void withdraw(Caller caller, Project project, String accessKey) {
        if (accessKey.equals(caller.accessKey())) {
            throw RequestRefusedException.of(ErrorCode.OWN_ACCESS_KEY, "Use another key.");
        }
        // Of two keys that withdraw one another only one can.
        store.lock(caller.accessKey(), accessKey);
        if (store.accessKey(caller.accessKey()).isEmpty()) {
            throw RequestRefusedException.of(ErrorCode.INVALID_TOKEN);
        }
        AccessKeyView key = find(project, accessKey);
        requireAll(caller, key.actions());
        store.removeAccessKey(accessKey);
    }

    private AccessKeyView find(Project project, String accessKey) {
        return store.accessKeys(project.id()).stream()
                .filter(key -> key.accessKey().equals(accessKey))
                .findFirst()
                .orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_ACCESS_KEY));
    }

    private static void requireAll(Caller caller, Collection<String> actions) {
        for (String action : actions) {
            if (!caller.actions().contains(action)
                    && !Action.named(action)
                            .map(caller::may)
                            .orElse(caller.actions().contains(Action.EVERYTHING))) {
                throw RequestRefusedException.action(action);
            }
        }
    }
}
