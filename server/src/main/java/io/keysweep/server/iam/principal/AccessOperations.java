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
 * Lets the web console list, create, change and remove projects, access keys, users and access policies.
 *
 * <p>Each method calls the controller of the native API that serves the same operation. Documents, permissions, rules,
 * audit entries and the exception {@link RequestRefusedException} are therefore the same as in the API. Thread-safe.
 */
@Component
public class AccessOperations {

    private final ProjectController projects;
    private final AccessKeyController accessKeys;
    private final UserController users;
    private final AccessPolicyController policies;
    private final StoredProjects storedProjects;
    private final Users storedUsers;
    private final AccessPolicies storedPolicies;

    AccessOperations(
            ProjectController projects,
            AccessKeyController accessKeys,
            UserController users,
            AccessPolicyController policies,
            StoredProjects storedProjects,
            Users storedUsers,
            AccessPolicies storedPolicies) {
        this.projects = projects;
        this.accessKeys = accessKeys;
        this.users = users;
        this.policies = policies;
        this.storedProjects = storedProjects;
        this.storedUsers = storedUsers;
        this.storedPolicies = storedPolicies;
    }

    /** Returns the names of all actions that an access key or a statement of a policy can allow. */
    public static List<String> actions() {
        return Action.names();
    }

    /** Returns a project whose access keys, users and policies the caller may manage. */
    public ProjectView project(Caller caller, String id) {
        return view(storedProjects.requireManageable(caller, id));
    }

    private static ProjectView view(Project project) {
        return new ProjectView(project.id(), project.name(), project.createdAt(), project.version());
    }

    /** Returns a project in which the caller may manage all access keys, or the keys that the caller owns as a user. */
    public ProjectView projectOfKeys(Caller caller, String id) {
        return view(accessKeys.scope(caller, id).project());
    }

    /**
     * Returns the policies that the form for an access key offers.
     *
     * <p>A caller who may manage all keys gets all policies of the project. A user who may only manage the keys that
     * the user owns gets the built-in roles and the policies of the user. A key never allows more than its owner may
     * do, so other policies would have no effect.
     */
    public List<AccessPolicyView> policiesOfKeys(Caller caller, String projectId) {
        KeyScope scope = accessKeys.scope(caller, projectId);
        String owner = scope.owner();
        if (owner == null) {
            return policies.list(caller, projectId);
        }
        List<String> ownerPolicies =
                storedUsers.find(scope.project(), owner).rights().policies();
        return storedPolicies.list(scope.project()).stream()
                .filter(policy -> policy.builtIn() || ownerPolicies.contains(policy.name()))
                .map(AccessPolicyController::view)
                .toList();
    }

    /** Returns all projects if the caller may manage projects; otherwise only the caller's own project. */
    public List<ProjectView> projects(Caller caller) {
        return projects.projects(caller);
    }

    /** Creates a project with an access key, and returns both with the secret of the key, which is not shown again. */
    public ProjectCreated createProject(Caller caller, String name) {
        return projects.create(
                caller, new ProjectRegistration(name, /* id= */ null, /* actions= */ null), /* key= */ null);
    }

    /**
     * Renames a project, and sets the ETag of the response to its new version.
     *
     * @param version the version that the caller has seen; the request is refused if the project has another version
     *     now
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

    /** Creates an access key, and returns it with its secret, which is not shown again. */
    public AccessKeyView createAccessKey(Caller caller, String projectId, JsonNode body) {
        return accessKeys.create(caller, projectId, body, /* key= */ null);
    }

    /** Changes the fields of an access key that the document contains. */
    public AccessKeyView changeAccessKey(Caller caller, String projectId, String accessKey, JsonNode body) {
        return accessKeys.change(caller, projectId, accessKey, body);
    }

    /**
     * Replaces an access key: creates a new key with the same rights, and returns it with its secret. Both keys can be
     * used until the overlap that the document names is over.
     */
    public AccessKeyView rotateAccessKey(Caller caller, String projectId, String accessKey, JsonNode body) {
        return accessKeys.rotate(caller, projectId, accessKey, body);
    }

    /** Withdraws an access key immediately. */
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

    /** Changes the fields of a user that the document contains. */
    public UserView changeUser(Caller caller, String projectId, String name, JsonNode body) {
        return users.change(caller, projectId, name, body);
    }

    /** Removes a user with the user's access keys, sessions and tokens. */
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
     * Creates an access policy, or replaces its statements, and sets the ETag of the response to its new version.
     *
     * @param version the version that the caller has seen; 0 if the policy must not exist yet. The request is refused
     *     if the policy has another version now
     */
    public AccessPolicyView setPolicy(
            Caller caller, String projectId, String name, JsonNode body, int version, HttpServletResponse response) {
        return policies.set(caller, projectId, name, body, EntityTag.of(version), response);
    }

    /** Removes an access policy; refuses the request if an access key or a user has the policy. */
    public void removePolicy(Caller caller, String projectId, String name) {
        policies.remove(caller, projectId, name);
    }
}
