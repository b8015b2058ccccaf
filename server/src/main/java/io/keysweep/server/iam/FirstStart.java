package io.keysweep.server.iam;

import io.keysweep.api.ProjectCreated;
import io.keysweep.server.config.PrivateFile;
import io.keysweep.server.config.ServiceSettings;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes the first project and its administrator's access key on an empty database: shown once on standard output, and
 * kept for the CLI in {@code credentials} in the home folder, which only its owner can read.
 */
@Component
final class FirstStart implements InitializingBean {

    private static final Logger LOG = LoggerFactory.getLogger(FirstStart.class);

    private final IamStore store;
    private final Projects projects;
    private final ServiceSettings settings;
    private final TransactionTemplate transaction;

    FirstStart(IamStore store, Projects projects, ServiceSettings settings, TransactionTemplate transaction) {
        this.store = store;
        this.projects = projects;
        this.settings = settings;
        this.transaction = transaction;
    }

    @Override
    public void afterPropertiesSet() {
        if (store.empty()) {
            // Shown and kept before the commit: a key that exists but that nobody has seen would lock everybody out.
            transaction.executeWithoutResult(status -> create());
        }
    }

    private void create() {
        ProjectCreated created = projects.create("default", Set.of("*"));
        PrivateFile.write(
                settings.home().resolve("credentials"),
                "project_id=" + created.projectId() + "\naccess_key=" + created.accessKey() + "\nsecret_key="
                        + created.secretKey() + "\n");
        LOG.info("First start: project {} and access key {} made", created.projectId(), created.accessKey());
        show(created);
    }

    @SuppressWarnings("SystemOut") // For the operator's eyes once; a secret does not belong in the log.
    private void show(ProjectCreated created) {
        System.out.printf(
                "%n  The administrator's access key, shown only now (also kept in %s):%n"
                        + "    project id  %s%n    access key  %s%n    secret key  %s%n%n",
                settings.home().resolve("credentials"), created.projectId(), created.accessKey(), created.secretKey());
    }
}
