package io.keysweep.server.iam.principal;

import io.keysweep.api.ProjectCreated;
import io.keysweep.server.audit.AuditLog;
import io.keysweep.server.config.PrivateFile;
import io.keysweep.server.config.ServiceSettings;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Creates the first project and its administrator's access key when the service starts on an empty database.
 *
 * <p>This class prints the key once on standard output. It also writes the key to the file {@code credentials} in the
 * home folder, where the command line finds it; only the owner of the file can read it. Spring calls this class during
 * the start, after the tables exist.
 */
@Component
final class FirstStartSetup implements InitializingBean {

    private static final Logger LOG = LoggerFactory.getLogger(FirstStartSetup.class);

    private final ProjectStore store;
    private final ProjectChanges projects;
    private final ServiceSettings settings;
    private final TransactionTemplate transaction;
    private final AuditLog audit;

    FirstStartSetup(
            ProjectStore store,
            ProjectChanges projects,
            ServiceSettings settings,
            TransactionTemplate transaction,
            AuditLog audit) {
        this.store = store;
        this.projects = projects;
        this.settings = settings;
        this.transaction = transaction;
        this.audit = audit;
    }

    @Override
    public void afterPropertiesSet() {
        if (store.isEmpty()) {
            // The key is printed and saved before the commit. In the opposite order, a crash after the commit could
            // leave a key that no operator knows, and later starts would not create another key.
            try {
                transaction.executeWithoutResult(status -> create());
            } catch (DuplicateKeyException e) {
                // The name of the project is unique, so if several processes start on one empty database, only one
                // process creates the project.
                if (store.isEmpty()) {
                    throw e;
                }
                LOG.info("Another process that starts on the same database has created the first access key");
            }
        }
    }

    /** Creates the project and its access key, records them in the audit log, and prints and saves the key. */
    private void create() {
        ProjectCreated created = projects.create("default", Set.of("*"));
        audit.append(OfflineCalls.keyCreated(
                "firstStart", Objects.requireNonNull(created.accessKey()), created.projectId(), created.name()));
        PrivateFile.write(
                settings.home().resolve("credentials"),
                "project_id=" + created.projectId() + "\naccess_key=" + created.accessKey() + "\nsecret_key="
                        + created.secretKey() + "\n");
        LOG.info("First start: created project {} and access key {}", created.projectId(), created.accessKey());
        print(created);
    }

    @SuppressWarnings("SystemOut") // The operator must see the secret once, and the log must not hold it.
    private void print(ProjectCreated created) {
        System.out.printf(
                "%n  The administrator's access key, shown only now (also kept in %s):%n"
                        + "    project id  %s%n    access key  %s%n    secret key  %s%n%n",
                settings.home().resolve("credentials"), created.projectId(), created.accessKey(), created.secretKey());
    }
}
