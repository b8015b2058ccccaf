package io.keysweep.server.auditor;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestDatabase;
import io.keysweep.server.audit.AuditCall;
import io.keysweep.server.audit.AuditIntents;
import io.keysweep.server.audit.AuditLog;
import io.keysweep.server.audit.AuditSigner;
import io.keysweep.server.audit.AuditTrail;
import io.keysweep.server.error.ErrorCode;
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
import org.springframework.transaction.support.TransactionTemplate;

/** Tests which calls are recorded at once and which later, on a real database. */
class AuditRecorderIT {

    private static final AuditSigner SIGNER = AuditSigner.of(new byte[32]);

    private final ManualClock clock = new ManualClock();
    private JdbcClient jdbc;
    private AuditRecorder recorder;

    @BeforeEach
    void create(@TempDir Path folder) {
        DataSource database = TestDatabase.h2(folder);
        jdbc = JdbcClient.create(database);
        AuditLog log = new AuditLog(
                jdbc, new TransactionTemplate(new JdbcTransactionManager(database)), SIGNER, line -> {}, clock);
        recorder = new AuditRecorder(log, new AuditIntents(jdbc, "this", SIGNER, clock), clock);
    }

    @AfterEach
    void endCall() {
        AuditTrail.use(null);
    }

    @Test
    void abandonedCall_thatTheDatabaseRefuses_doesNotKeepLaterOnesFromTheLog() {
        AuditIntents ofDeadProcess = new AuditIntents(jdbc, "dead", SIGNER, clock);
        for (String operation : List.of("x".repeat(5000), "createScan")) {
            call(operation).begin(ofDeadProcess);
            clock.advance(Duration.ofSeconds(1));
        }
        recorder.writeAbandoned();
        assertThat(operations()).containsExactly("createScan");
        assertThat(jdbc.sql("select id from audit_intent").query(String.class).list())
                .isEmpty();
    }

    @Test
    void call_refusedForOverload_isRecordedAtOnce() {
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

    private void refuse(ErrorCode code) {
        AuditCall call = call("createScan");
        AuditTrail.use(call);
        AuditTrail.error(code.code());
        recorder.record(call, code.status());
    }

    private static AuditCall call(String operation) {
        return new AuditCall("r", "10.0.0.1", operation, null).by("access-key", "AK", "p");
    }

    private List<@Nullable String> operations() {
        return jdbc.sql("select operation from audit_entry order by seq")
                .query(String.class)
                .list();
    }
}
