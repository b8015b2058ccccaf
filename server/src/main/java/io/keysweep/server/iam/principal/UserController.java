package io.keysweep.server.iam.principal;

import io.keysweep.api.UserView;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.InstanceSelector;
import io.keysweep.server.iam.Project;
import io.keysweep.server.iam.UserName;
import io.keysweep.server.request.DocumentReader;
import java.util.List;
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
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/**
 * Serves {@code /api/v1/projects/{id}/users}: lists, creates, changes and removes users, who sign in with a password.
 *
 * <p>The caller needs {@link Action#MANAGE_ACCESS_KEYS} for its own project, or {@link Action#MANAGE_PROJECTS} for any
 * project.
 */
@RestController
@RequestMapping("/api/v1/projects/{id}/users")
final class UserController {

    private static final Set<String> FIELDS = Set.of("name", "password", "policies", "instances", "tags");

    private final StoredProjects projects;
    private final Users users;

    UserController(StoredProjects projects, Users users) {
        this.projects = projects;
        this.users = users;
    }

    @GetMapping
    List<UserView> list(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        return users.list(projects.requireManageable(caller, id)).stream()
                .map(UserAccount::view)
                .toList();
    }

    @GetMapping("/{name}")
    UserView get(@AuthenticationPrincipal Caller caller, @PathVariable String id, @PathVariable String name) {
        return users.find(projects.requireManageable(caller, id), name).view();
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    UserView create(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestBody(required = false) @Nullable JsonNode body) {
        Project project = projects.requireManageable(caller, id);
        DocumentReader reader = DocumentReader.of(body, FIELDS);
        String name = reader.requiredText("name", UserName.RULE, UserName::requireValid)
                .orElse("");
        String password = Passwords.read(reader, "password").orElse("");
        if (reader.value("password").isEmpty()) {
            // The response puts the name of the field directly before this text.
            reader.addProblem("password", Phrase.of(" is missing."));
        }
        List<String> policies = RightsReader.policies(reader);
        InstanceSelector narrowing = RightsReader.selector(reader);
        return reader.requireValid(
                () -> users.create(caller, project, name, password, new PrincipalRights(Set.of(), policies, narrowing))
                        .view());
    }

    @PatchMapping("/{name}")
    UserView change(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @PathVariable String name,
            @RequestBody(required = false) @Nullable JsonNode body) {
        Project project = projects.requireManageable(caller, id);
        return users.change(caller, project, name, UserChange.of(body)).view();
    }

    @DeleteMapping("/{name}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(@AuthenticationPrincipal Caller caller, @PathVariable String id, @PathVariable String name) {
        users.remove(caller, projects.requireManageable(caller, id), name);
    }
}
