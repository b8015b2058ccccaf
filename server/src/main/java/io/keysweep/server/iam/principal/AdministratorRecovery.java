package io.keysweep.server.iam.principal;

import io.keysweep.server.audit.AuditLog;
import io.keysweep.server.audit.AuditSigner;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.MasterKey;
import io.keysweep.server.iam.Project;
import io.keysweep.server.iam.ProjectId;
import io.keysweep.server.iam.SecretBox;
import io.keysweep.server.iam.signature.AccessKeyGenerator;
import io.keysweep.server.iam.signature.AccessKeyPair;
import java.nio.file.Files;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Objects;
import java.util.Set;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Implements {@code keysweep server recover-admin}, which creates an administrator's access key for an operator who has
 * lost all administrator keys.
 *
 * <p>The new key has all actions and acts for the oldest project, and is printed once. The command needs the home
 * folder with the master key, and the database. It starts no part of the service, so with PostgreSQL it can run beside
 * processes of the service. {@code ServerMain} starts Spring with this class alone.
 */
@ImportAutoConfiguration(DataSourceAutoConfiguration.class)
public class AdministratorRecovery {

    private static final Logger LOG = LoggerFactory.getLogger(AdministratorRecovery.class);

    /**
     * Creates, audits and prints the key. Spring calls this method during the start of the command, so a failure is
     * reported like a failed start of the service.
     *
     * @throws IllegalStateException if the master key is missing or belongs to another database, or if the database has
     *     no tables yet; the message says what to do
     */
    @Bean
    AccessKeyPair recoveredKey(DataSource database, ServiceSettings settings, ApplicationEventPublisher events) {
        JdbcClient jdbc = JdbcClient.create(database);
        // Without this check, MasterKeyCheck would create a key if the database is empty, even in a wrong home folder.
        if (Files.notExists(settings.home().resolve("master.key"))) {
            throw new IllegalStateException("The master key " + settings.home().resolve("master.key")
                    + " is missing: run this command with the home folder of the service (KEYSWEEP_HOME)");
        }

        try {
            MasterKey masterKey = new MasterKeyCheck(jdbc).open(settings.home());
            ProjectStore projects = new ProjectStore(jdbc, events);
            AccessKeyStore keys = new AccessKeyStore(jdbc, new SecretBox(masterKey));
            TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(database));

            // The entry is stored in the database only. The settings by which the service also copies entries to other
            // places have no effect here.
            AuditLog audit = new AuditLog(
                    jdbc,
                    transaction,
                    AuditSigner.of(masterKey.subkey(MasterKey.AUDIT)),
                    line -> {},
                    InstantSource.system());
            return Objects.requireNonNull(transaction.execute(status -> create(projects, keys, audit)));
        } catch (BadSqlGrammarException e) {
            throw new IllegalStateException(
                    "The database has no tables of this release: start 'keysweep server' once, which creates them, and"
                            + " on an empty database also the administrator's access key",
                    e);
        }
    }

    /**
     * Creates the key and the entry of the audit log in the current transaction, and a project if there is none. Shows
     * the key before the commit, because a crash after the commit would leave a key that nobody knows.
     */
    private static AccessKeyPair create(ProjectStore projects, AccessKeyStore keys, AuditLog audit) {
        InstantSource clock = InstantSource.system();
        Project project = projects.list().stream()
                .min(Comparator.comparing(Project::createdAt))
                .orElseGet(() -> {
                    Project defaultProject = new Project(
                            ProjectId.random(),
                            "default",
                            clock.instant().truncatedTo(ChronoUnit.MILLIS),
                            /* version= */ 1);
                    projects.insert(defaultProject);
                    return defaultProject;
                });

        AccessKeyPair pair = AccessKeyGenerator.generate();
        keys.insert(
                new AccessKey(pair.accessKey(), project.id(), pair.secretKey(), Set.of(Action.EVERYTHING)),
                clock.instant().truncatedTo(ChronoUnit.MILLIS));

        audit.append(OfflineCalls.keyCreated("recoverAdmin", pair.accessKey(), project.id(), project.name()));
        LOG.warn(
                "recover-admin: {} created access key {} with all actions for project {} ({})",
                System.getProperty("user.name"),
                pair.accessKey(),
                project.id(),
                project.name());
        print(project, pair);
        return pair;
    }

    @SuppressWarnings("SystemOut") // The operator must see the secret once, and the log must not hold it.
    private static void print(Project project, AccessKeyPair pair) {
        System.out.printf(
                "%n  A new administrator's access key, shown only now:%n"
                        + "    project id  %s%n    access key  %s%n    secret key  %s%n%n"
                        + "  Withdraw it with another key once you no longer need it.%n",
                project.id(), pair.accessKey(), pair.secretKey().text());
    }
}
