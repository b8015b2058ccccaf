package io.keysweep.server.iam;

import io.keysweep.api.ProjectCreated;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Makes projects, each with its first access key. */
@Service
class Projects {

    private final IamStore store;

    Projects(IamStore store) {
        this.store = store;
    }

    /**
     * Makes a project and a key that may do the given actions in it.
     *
     * @throws RequestRefusedException for a bad name, or one that is taken
     */
    @Transactional
    public ProjectCreated create(@Nullable String name, Set<String> actions) {
        if (name == null || name.isBlank() || name.length() > 64) {
            throw RequestRefusedException.parameter("name", name, "1 to 64 characters");
        }
        Project project = new Project(UUID.randomUUID().toString().replace("-", ""), name);
        try {
            store.insert(project);
        } catch (DuplicateKeyException e) {
            throw RequestRefusedException.of(ErrorCode.NAME_TAKEN, "name is '" + name + "'.");
        }
        AccessKeyPair pair = AccessKeys.generate();
        store.insert(new AccessKey(pair.accessKey(), project.id(), pair.secretKey(), actions));
        return new ProjectCreated(
                project.id(), name, pair.accessKey(), pair.secretKey().text());
    }
}
