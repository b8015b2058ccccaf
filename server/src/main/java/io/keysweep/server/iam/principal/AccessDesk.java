package io.keysweep.server.iam.principal;

import io.keysweep.api.AccessKeyView;
import io.keysweep.api.AccessPolicyView;
import io.keysweep.api.ProjectCreated;
import io.keysweep.api.ProjectRegistration;
import io.keysweep.api.ProjectView;
import io.keysweep.api.UserView;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.Project;
import io.keysweep.server.request.EntityTag;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * Lists, creates, changes and removes projects, access keys, users and access policies for the web console.
 *
 * <p>Each method is the operation of the native API with the same document, so rules, permissions and audit entries are
 * the same. All of them throw {@link RequestRefusedException} as the API does. Thread-safe.
 */
@Component
public class AccessDesk {

    private final ProjectController projects;
    private final AccessKeyController accessKeys;
    private final UserController users;
    private final AccessPolicyController policies;
    private final StoredProjects managed;
    private final Users accounts;
    private final AccessPolicies known;

    AccessDesk(
            ProjectController projects,
            AccessKeyController accessKeys,
            UserController users,
            AccessPolicyController policies,
            StoredProjects managed,
            Users accounts,
            AccessPolicies known) {
        this.projects = projects;
        this.accessKeys = accessKeys;
        this.users = users;
        this.policies = policies;
        this.managed = managed;
        this.accounts = accounts;
        this.known = known;
    }

    /** Returns the names of all actions that a key or a statement can have. */
    public static List<String> actions() {
        return Action.names();
    }

    /** Returns a project whose access keys, users and policies the caller may manage. */
    public ProjectView project(Caller caller, String id) {
        return view(managed.toManage(caller, id));
    }

    private static ProjectView view(Project project) {
        return new ProjectView(project.id(), project.name(), project.createdAt(), project.version());
    }

    /** Returns a project of which the caller may manage all access keys or, as a user, the own ones. */
    public ProjectView projectOfKeys(Caller caller, String id) {
        return view(accessKeys.scope(caller, id).project());
    }

    /**
     * Returns the policies that the form of an access key offers. A user who manages the own keys only gets the
     * built-in roles and the user's own policies: more would have no effect on a key, which never allows more than its
     * owner may.
     */
    public List<AccessPolicyView> policiesOfKeys(Caller caller, String projectId) {
        KeyScope scope = accessKeys.scope(caller, projectId);
        String owner = scope.owner();
        if (owner == null) {
            return policies.list(caller, projectId);
        }
        List<String> own = accounts.find(scope.project(), owner).rights().policies();
        return known.list(scope.project()).stream()
                .filter(policy -> policy.builtIn() || own.contains(policy.name()))
                .map(AccessPolicyController::view)
                .toList();
    }

    /** Returns all projects if the caller may manage projects, else only the caller's own. */
    public List<ProjectView> projects(Caller caller) {
        return projects.projects(caller);
    }

    /** Creates a project, and returns it with its first access key and the secret of that key. */
    public ProjectCreated createProject(Caller caller, String name) {
        return projects.create(
                caller, new ProjectRegistration(name, /* id= */ null, /* actions= */ null), /* key= */ null);
    }

    /**
     * Renames a project.
     *
     * @param version the version that the caller has seen
     */
    public ProjectView renameProject(Caller caller, String id, String name, int version, HttpServletResponse response) {
        return projects.rename(
                caller,
                id,
                new ProjectRegistration(name, /* id= */ null, /* actions= */ null),
                EntityTag.of(version),
                response);
    }

    /** Deletes a project without instances, with its access keys, users and policies. */
    public void deleteProject(Caller caller, String id) {
        projects.remove(caller, id);
    }

    /** Returns the access keys of a project without their secrets, the oldest first. */
    public List<AccessKeyView> accessKeys(Caller caller, String projectId) {
        return accessKeys.list(caller, projectId);
    }

    /** Returns an access key of a project without its secret. */
    public AccessKeyView accessKey(Caller caller, String projectId, String accessKey) {
        return accessKeys.get(caller, projectId, accessKey);
    }

    /** Creates an access key, and returns it with its secret. */
    public AccessKeyView createAccessKey(Caller caller, String projectId, JsonNode body) {
        return accessKeys.create(caller, projectId, body, /* key= */ null);
    }

    /** Changes an access key by a merge patch. */
    public AccessKeyView changeAccessKey(Caller caller, String projectId, String accessKey, JsonNode body) {
        return accessKeys.change(caller, projectId, accessKey, body);
    }

    /** Creates another key with the same rights, and returns it with its secret; the old one ends later. */
    public AccessKeyView rotateAccessKey(Caller caller, String projectId, String accessKey, JsonNode body) {
        return accessKeys.rotate(caller, projectId, accessKey, body);
    }

    /** Withdraws an access key at once. */
    public void withdrawAccessKey(Caller caller, String projectId, String accessKey) {
        accessKeys.withdraw(caller, projectId, accessKey);
    }

    /** Returns the users of a project, sorted by name. */
    public List<UserView> users(Caller caller, String projectId) {
        return users.list(caller, projectId);
    }

    /** Returns a user of a project. */
    public UserView user(Caller caller, String projectId, String name) {
        return users.get(caller, projectId, name);
    }

    /** Creates a user. */
    public UserView createUser(Caller caller, String projectId, JsonNode body) {
        return users.create(caller, projectId, body);
    }

    /** Changes a user by a merge patch. */
    public UserView changeUser(Caller caller, String projectId, String name, JsonNode body) {
        return users.change(caller, projectId, name, body);
    }

    /** Removes a user, whose sessions and tokens end. */
    public void removeUser(Caller caller, String projectId, String name) {
        users.remove(caller, projectId, name);
    }

    /** Returns the built-in roles, and the access policies of a project, sorted by name. */
    public List<AccessPolicyView> policies(Caller caller, String projectId) {
        return policies.list(caller, projectId);
    }

    /** Returns an access policy or a built-in role. */
    public AccessPolicyView policy(Caller caller, String projectId, String name) {
        return policies(caller, projectId).stream()
                .filter(policy -> policy.name().equals(name))
                .findFirst()
                .orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_ACCESS_POLICY));
    }

    /**
     * Creates an access policy, or replaces its statements.
     *
     * @param version the version that the caller has seen; 0 if the policy must not exist yet
     */
    public AccessPolicyView setPolicy(
            Caller caller, String projectId, String name, JsonNode body, int version, HttpServletResponse response) {
        return policies.set(caller, projectId, name, body, EntityTag.of(version), response);
    }

    /** Removes an access policy that no key and no user has. */
    public void removePolicy(Caller caller, String projectId, String name) {
        policies.remove(caller, projectId, name);
    }
}
