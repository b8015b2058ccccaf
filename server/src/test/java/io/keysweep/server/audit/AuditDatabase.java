package io.keysweep.server.audit;

import io.keysweep.api.AuditProblem;
import io.keysweep.api.audit.AuditLine;
import io.keysweep.server.TestDatabase;
import io.keysweep.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.node.ObjectNode;

/** Provides an audit log on a real database, which tests write to and change. */
abstract class AuditDatabase {

    /** Signs the entries; its key is all zeros. */
    static final AuditSigner SIGNER = AuditSigner.of(new byte[32]);

    private final String dialect;
    final ManualClock clock = new ManualClock();

    /** The entries that the log has forwarded, as it would to a file or to syslog. */
    final List<AuditLine> forwarded = new CopyOnWriteArrayList<>();

    JdbcClient jdbc;
    TransactionTemplate transaction;
    AuditLog log;

    /** Verifies the log like another process: it knows no entries that {@link #log} has written. */
    AuditVerifier verifier;

    /** @param dialect {@code h2} or {@code postgresql} */
    AuditDatabase(String dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void create(@TempDir Path folder) {
        DataSource database = TestDatabase.create(dialect, folder);
        jdbc = JdbcClient.create(database);
        transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        log = log(SIGNER);
        verifier = new AuditVerifier(jdbc, SIGNER, log(SIGNER));
    }

    /** Returns another log on the same tables, as another process would use it. */
    AuditLog log(AuditSigner signer) {
        return new AuditLog(jdbc, transaction, signer, forwarded::add, clock);
    }

    /** Returns an entry about the creation of a scan; its texts have characters that are easy to store wrongly. */
    static ObjectNode entry(String id) {
        return new AuditCall("r-" + id, "10.0.0.1", "createScan", new AuditResource("scan", id, "é", "p"))
                .by("access-key", "AK", "p")
                .json()
                .put("status", 201)
                .put("note", "\u2028\u202e");
    }

    /** Appends entries about the scans s0, s1 and so on. */
    void append(int count) {
        for (int i = 0; i < count; i++) {
            log.append(entry("s" + i));
        }
    }

    /** Returns all entries, the oldest first. */
    List<AuditLine> lines() {
        return new AuditReader(jdbc)
                .export(/* after= */ 0, /* from= */ null, /* to= */ null, /* limit= */ 1_000)
                .entries();
    }

    /** Returns the rule that removes entries after a year. */
    AuditRetention retention() {
        return new AuditRetention(jdbc, log, SIGNER, transaction, Duration.ofDays(365), clock);
    }

    /**
     * Runs statements, verifies the log, and rolls the statements back.
     *
     * @return the sequence numbers of the entries with problems
     */
    List<Long> problemsAfter(String... statements) {
        return Objects.requireNonNull(transaction.execute(status -> {
            for (String statement : statements) {
                jdbc.sql(statement).update();
            }
            status.setRollbackOnly();
            return verifier.verify(/* expected= */ null).problems().stream()
                    .map(AuditProblem::sequence)
                    .toList();
        }));
    }
}
