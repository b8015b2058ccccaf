package io.keysweep.server.iam.principal;

import io.keysweep.server.config.OidcSettings;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.InstanceSelector;
import io.keysweep.server.iam.OidcPerson;
import io.keysweep.server.iam.Project;
import io.keysweep.server.iam.ProjectId;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Finds the rights of people who sign in at an OpenID Connect issuer.
 *
 * <p>The issuer's token for a person contains a claim, such as the person's groups. The setting {@code oidc.roles} maps
 * values of the claim to access policies and a project. Each call reads policies and project from the database, so that
 * a change of them applies immediately. Thread-safe.
 */
@Component
public final class OidcCallers {

    private final @Nullable OidcSettings settings;
    private final ProjectStore projects;
    private final RightsResolver rights;

    OidcCallers(ServiceSettings settings, ProjectStore projects, RightsResolver rights) {
        this.settings = settings.oidc();
        this.projects = projects;
        this.rights = rights;
    }

    /** Returns the caller for a person; empty if no value of the claim is mapped, or the project does not exist. */
    public Optional<Caller> find(OidcPerson person) {
        return findMapping(person)
                .flatMap(mapping -> findProject(mapping.project())
                        .map(project -> new Caller(
                                person.principal(),
                                project.id(),
                                rights.grants(
                                        project.id(),
                                        new PrincipalRights(Set.of(), mapping.policies(), InstanceSelector.ALL)),
                                person,
                                /* owner= */ null,
                                /* subject= */ person.principal())));
    }

    /**
     * Returns the caller for a person.
     *
     * @throws RequestRefusedException if no value of the person's claim is mapped, or if the project does not exist
     */
    public Caller require(OidcPerson person) {
        return find(person).orElseThrow(() -> {
            String claim = settings == null ? "groups" : settings.rolesClaim();
            return RequestRefusedException.of(
                    ErrorCode.NOT_MAPPED,
                    findMapping(person)
                            .map(mapping -> Phrase.of(
                                    "The setting oidc.roles maps the claim '{0}' to a project that does not exist.",
                                    claim))
                            .orElseGet(() -> Phrase.of(
                                    "The claim '{0}' of {1} has no value that the setting oidc.roles maps to a policy.",
                                    claim, person.principal())));
        });
    }

    private Optional<OidcSettings.Mapping> findMapping(OidcPerson person) {
        return settings == null ? Optional.empty() : settings.rights(person.values());
    }

    private Optional<Project> findProject(String nameOrId) {
        // The id has priority. Otherwise a caller could give another project this id as its name, and so get people of
        // the issuer into that project.
        return projects.find(ProjectId.canonical(nameOrId)).or(() -> projects.findByName(nameOrId));
    }
}
