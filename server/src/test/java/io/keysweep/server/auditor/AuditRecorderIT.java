package io.keysweep.server.auditor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.server.TestDatabase;
import io.keysweep.server.audit.AuditCall;
import io.keysweep.server.audit.AuditIntents;
import io.keysweep.server.audit.AuditLog;
import io.keysweep.server.audit.AuditSigner;
import io.keysweep.server.audit.AuditTrail;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.worker.WorkerCapacity;
import io.keysweep.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/** Tests which calls are recorded immediately and which later, on a real database. */
class AuditRecorderIT {

    private static final AuditSigner SIGNER = AuditSigner.of(new byte[32]);

    private final ManualClock clock = new ManualClock();
    private JdbcClient jdbc;
    private UnreliableCommits transactions;
    private AuditLog log;
    private AuditIntents intents;
    private AuditRecorder recorder;
    private AbandonedCalls abandonedCalls;

    @BeforeEach
    void create(@TempDir Path folder) {
        DataSource database = TestDatabase.h2(folder);
        jdbc = JdbcClient.create(database);
        transactions = new UnreliableCommits(database);
        log = new AuditLog(jdbc, new TransactionTemplate(transactions), SIGNER, line -> {}, clock);
        intents = new AuditIntents(jdbc, "this", SIGNER, clock);
        recorder = new AuditRecorder(log, intents, clock);
        // The table of workers is empty, so every process except this one is treated as dead.
        abandonedCalls = abandonedCalls(intents);
    }

    @AfterEach
    void endCall() {
        AuditTrail.use(/* call= */ null);
    }

    @Test
    void abandonedCall_whoseEntryTheDatabaseRefuses_doesNotPreventLaterEntries() {
        AuditIntents deadIntents = new AuditIntents(jdbc, "dead", SIGNER, clock);

        // The name of the first operation is too long for its column.
        for (String operation : List.of("x".repeat(5_000), "createScan")) {
            call(operation).begin(deadIntents);
            clock.advance(Duration.ofSeconds(1));
        }
        abandonedCalls.write();

        assertThat(operations()).containsExactly("createScan");
        assertThat(jdbc.sql("select id from audit_intent").query(String.class).list())
                .isEmpty();
    }

    @Test
    void call_refusedForOverload_isRecordedImmediately() {
        refuse(ErrorCode.OVERLOADED);
        assertThat(operations()).containsExactly("createScan");
    }

    @Test
    void call_refusedWithoutADatabase_isRecordedLater() {
        refuse(ErrorCode.DATABASE_UNAVAILABLE);
        assertThat(operations()).isEmpty();

        recorder.writeLate();
        assertThat(operations()).containsExactly("createScan");
    }

    @Test
    void call_ofAProcessThatWasTreatedAsDead_isRecordedAgainWithItsOutcome() {
        AuditCall call = call("createScan");
        recorder.begin(call);

        // Another process regards this one as dead, and records the call without its outcome.
        abandonedCalls(new AuditIntents(jdbc, "other", SIGNER, clock)).write();

        // This process then records it with its outcome.
        recorder.record(call, /* status= */ 201);
        assertThat(operations()).containsExactly("createScan", "createScan");
        assertThat(statuses()).containsExactly(null, 201);
        assertThat(jdbc.sql("select content from audit_entry where seq = 2")
                        .query(String.class)
                        .single())
                .contains("Another process had recorded this call without its outcome");
    }

    @Test
    void call_whoseCommitSucceededAlthoughAnErrorWasReported_isRecordedOnce() {
        AuditCall call = call("createScan");
        recorder.begin(call);
        transactions.failsAfterCommit = true;

        assertThatThrownBy(() -> recorder.record(call, /* status= */ 201)).isInstanceOf(TransactionException.class);

        recorder.writeLate();
        assertThat(operations()).containsExactly("createScan");
        assertThat(statuses()).containsExactly(201);
    }

    private List<@Nullable Integer> statuses() {
        return jdbc.sql("select status from audit_entry order by seq")
                .query(Integer.class)
                .list();
    }

    /** Records a call that was refused with an error code. */
    private void refuse(ErrorCode code) {
        AuditCall call = call("createScan");
        AuditTrail.use(call);
        AuditTrail.error(code.code());
        recorder.record(call, code.status());
    }

    private static AuditCall call(String operation) {
        return new AuditCall("r", "10.0.0.1", operation, /* resource= */ null).by("access-key", "AK", "p");
    }

    private List<@Nullable String> operations() {
        return jdbc.sql("select operation from audit_entry order by seq")
                .query(String.class)
                .list();
    }

    private AbandonedCalls abandonedCalls(AuditIntents ofProcess) {
        return new AbandonedCalls(log, ofProcess, new WorkerCapacity(jdbc, clock), clock);
    }

    /** Commits transactions. On demand, it reports a failure after a commit, as if the connection had broken. */
    private static final class UnreliableCommits extends JdbcTransactionManager {

        private static final long serialVersionUID = 1L;

        /** Whether the next commit is reported as failed. */
        private boolean failsAfterCommit;

        UnreliableCommits(DataSource database) {
            super(database);
        }

        @Override
        protected void doCommit(DefaultTransactionStatus status) {
            super.doCommit(status);
            if (failsAfterCommit) {
                failsAfterCommit = false;
                throw new TransactionSystemException("the connection broke");
            }
        }
    }
}
