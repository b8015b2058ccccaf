package io.keysweep.server.iam.principal;

import io.keysweep.api.AccessKeyView;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.InstanceSelector;
import io.keysweep.server.iam.UserName;
import io.keysweep.server.request.DocumentReader;
import io.keysweep.server.request.IdempotencyKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/**
 * Serves {@code /api/v1/projects/{id}/access-keys}: lists, creates, changes, rotates and withdraws access keys.
 *
 * <p>The caller needs {@link Action#MANAGE_ACCESS_KEYS} for its own project, or {@link Action#MANAGE_PROJECTS} for any
 * project. Without these actions, a signed-in user can manage the keys that the user owns. A caller who signs with one
 * of these keys cannot manage them. {@link AccessKeys} also checks that the caller may do all that the key allows.
 */
@RestController
@RequestMapping("/api/v1/projects/{id}/access-keys")
final class AccessKeyController {

    private static final Set<String> FIELDS = Set.of("userId", "actions", "policies", "instances", "tags", "expiresAt");
    private static final Set<String> ROTATION_FIELDS = Set.of("overlapMinutes");

    /** The default time for which both the old and the new key can be used after a rotation: one day. */
    private static final int DEFAULT_OVERLAP_MINUTES = 24 * 60;

    private static final int MAX_OVERLAP_MINUTES = 90 * 24 * 60;

    private final StoredProjects projects;
    private final AccessKeys accessKeys;

    AccessKeyController(StoredProjects projects, AccessKeys accessKeys) {
        this.projects = projects;
        this.accessKeys = accessKeys;
    }

    @GetMapping
    List<AccessKeyView> list(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        return accessKeys.list(scope(caller, id));
    }

    @GetMapping("/{accessKey}")
    AccessKeyView get(@AuthenticationPrincipal Caller caller, @PathVariable String id, @PathVariable String accessKey) {
        return accessKeys.find(scope(caller, id), accessKey);
    }

    /**
     * Creates an access key, and returns it with its secret.
     *
     * @param key identifies repetitions of the request: a repetition returns the key of the first request, without its
     *     secret
     */
    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    AccessKeyView create(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestBody(required = false) @Nullable JsonNode body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        KeyScope scope = scope(caller, id);
        DocumentReader reader = DocumentReader.ofOptional(body, FIELDS);
        String owner = readOwner(reader, scope);
        List<String> policies = RightsReader.policies(reader);
        InstanceSelector narrowing = RightsReader.selector(reader);
        Optional<Instant> expiresAt = AccessKeyChange.readExpiry(reader);
        List<String> actions = readActions(reader, /* required= */ policies.isEmpty() && owner == null);
        PrincipalRights rights = reader.requireValid(() -> new PrincipalRights(
                // A key that a user owns has all rights of the user, unless the request names actions or policies.
                actions.isEmpty() && policies.isEmpty() ? Set.of(Action.EVERYTHING) : Set.copyOf(actions),
                policies,
                narrowing));
        // The project is in the path, so the body alone does not identify a repeated request.
        IdempotencyKey idempotency = IdempotencyKey.of(
                key, "access-key", scope.project().id() + (owner == null ? "" : " " + owner) + " " + body);
        return accessKeys.create(caller, scope.project(), owner, rights, expiresAt.orElse(null), idempotency);
    }

    /**
     * Returns the keys that a caller may manage: all keys of the project, or the keys that the caller owns as a user.
     */
    KeyScope scope(Caller caller, String id) {
        boolean managesAll = caller.may(Action.MANAGE_ACCESS_KEYS) || caller.may(Action.MANAGE_PROJECTS);
        boolean ownKeysOnly = caller.isUser() && !managesAll;
        return ownKeysOnly
                ? new KeyScope(projects.find(caller, id), caller.accessKey())
                : new KeyScope(projects.requireManageable(caller, id), /* owner= */ null);
    }

    /**
     * Reads the field {@code userId}, the owner of the new key. A user who may only manage the keys that the user owns
     * can leave the field out, and cannot name another user.
     */
    private static @Nullable String readOwner(DocumentReader reader, KeyScope scope) {
        String owner =
                reader.text("userId", UserName.RULE, UserName::requireValid).orElse(scope.owner());
        if (scope.owner() != null && !scope.owner().equals(owner)) {
            reader.addProblem("userId", owner, Phrase.of("your own name, or left out"));
        }
        return owner;
    }

    /**
     * Reads the field {@code actions}.
     *
     * @param required whether the field must be present, because the key has neither policies nor an owner
     */
    private static List<String> readActions(DocumentReader reader, boolean required) {
        JsonNode actions = reader.value("actions").orElse(null);
        if (actions == null && (!required || !reader.problems().isEmpty())) {
            return List.of();
        }
        try {
            // requireNames refuses null, which stands for a missing field.
            return Action.requireNames(actions == null ? null : readNames(actions));
        } catch (RequestRefusedException e) {
            e.problems().forEach(problem -> reader.addProblem("actions", problem.phrase()));
            return List.of();
        }
    }

    /** Returns the elements of an array as texts. Any other value becomes a single text, which names no action. */
    private static List<String> readNames(JsonNode actions) {
        if (!actions.isArray()) {
            return List.of(actions.toString());
        }
        return actions.valueStream()
                .map(name -> name.isString() ? name.stringValue() : name.toString())
                .toList();
    }

    @PatchMapping("/{accessKey}")
    AccessKeyView change(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @PathVariable String accessKey,
            @RequestBody(required = false) @Nullable JsonNode body) {
        return accessKeys.change(caller, scope(caller, id), accessKey, AccessKeyChange.of(body));
    }

    /** Creates a new key with the same rights; the old key expires after the overlap that the body names. */
    @PostMapping("/{accessKey}/rotate")
    @ResponseStatus(HttpStatus.CREATED)
    AccessKeyView rotate(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @PathVariable String accessKey,
            @RequestBody(required = false) @Nullable JsonNode body) {
        KeyScope scope = scope(caller, id);
        DocumentReader reader = DocumentReader.ofOptional(body, ROTATION_FIELDS);
        int minutes = reader.integer("overlapMinutes", 0, MAX_OVERLAP_MINUTES).orElse(DEFAULT_OVERLAP_MINUTES);
        return reader.requireValid(() -> accessKeys.rotate(caller, scope, accessKey, Duration.ofMinutes(minutes)));
    }

    @DeleteMapping("/{accessKey}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void withdraw(@AuthenticationPrincipal Caller caller, @PathVariable String id, @PathVariable String accessKey) {
        accessKeys.withdraw(caller, scope(caller, id), accessKey);
    }
}
