package io.keysweep.server.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import io.keysweep.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Tests which failures of a real PostgreSQL are treated as an outage of the database. */
class DatabaseFailuresIT {

    @AutoClose
    private static final PostgresServer database = PostgresServer.start(Map.of());

    @Test
    void isCauseOf_aBrokenConnection_isTrue_andOfAWrongStatementFalse() throws Exception {
        for (Runnable outage : List.<Runnable>of(database::restart, database::crash)) {
            try (Connection connection = DriverManager.getConnection(database.newDatabase())) {
                JdbcClient jdbc =
                        JdbcClient.create(new SingleConnectionDataSource(connection, /* suppressClose= */ true));
                for (String wrong : List.of("select nothing from nowhere", "select 1 / 0", "select cast('x' as int)")) {
                    assertThat(DatabaseOutage.isCauseOf(failure(jdbc, wrong)))
                            .as(wrong)
                            .isFalse();
                }

                outage.run();
                assertThat(DatabaseOutage.isCauseOf(failure(jdbc, "select 1"))).isTrue();
            }
        }

        assertThat(DatabaseOutage.isCauseOf(new IllegalStateException(new NullPointerException())))
                .isFalse();
    }

    /** The pool has replaced the broken connection by a closed one, so the rollback fails without an SQLSTATE. */
    @Test
    void isCauseOf_theFailureOfATransactionWhoseConnectionBreaks_isTrue() throws Exception {
        for (Runnable outage : List.<Runnable>of(database::restart, database::crash)) {
            JdbcClient ofClosedPool;
            try (HikariDataSource pool = new HikariDataSource()) {
                pool.setJdbcUrl(database.newDatabase());
                pool.setMaximumPoolSize(1);
                JdbcClient jdbc = JdbcClient.create(pool);
                TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(pool));

                // The connection breaks before a statement, and before the commit.
                assertThat(catchThrowable(() -> transaction.execute(status -> {
                            jdbc.sql("select 1").query().singleValue();
                            outage.run();
                            return jdbc.sql("select 1").query().singleValue();
                        })))
                        .matches(DatabaseOutage::isCauseOf);
                assertThat(catchThrowable(() -> transaction.executeWithoutResult(status -> {
                            jdbc.sql("select 1").query().singleValue();
                            outage.run();
                        })))
                        .matches(DatabaseOutage::isCauseOf);

                ofClosedPool = jdbc;
            }
            assertThat(DatabaseOutage.isCauseOf(failure(ofClosedPool, "select 1")))
                    .isTrue();
        }
    }

    @Test
    void isCauseOf_aConflictOfTransactions_isTrue() throws Exception {
        String url = database.newDatabase();
        try (Connection firstConnection = DriverManager.getConnection(url);
                Connection secondConnection = DriverManager.getConnection(url)) {
            JdbcClient first =
                    JdbcClient.create(new SingleConnectionDataSource(firstConnection, /* suppressClose= */ true));
            JdbcClient second =
                    JdbcClient.create(new SingleConnectionDataSource(secondConnection, /* suppressClose= */ true));
            first.sql("create table conflict (id int)").update();
            first.sql("insert into conflict values (1)").update();
            secondConnection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            secondConnection.setAutoCommit(false);

            // The second transaction reads the row, the first transaction changes it, and then the second transaction
            // changes it.
            second.sql("select * from conflict").query().listOfRows();
            first.sql("update conflict set id = 2").update();
            assertThat(catchThrowable(
                            () -> second.sql("update conflict set id = 3").update()))
                    .matches(DatabaseOutage::isCauseOf);

            secondConnection.rollback();
        }
    }

    /** Returns the exception of a statement that must fail. */
    private static Throwable failure(JdbcClient jdbc, String sql) {
        return catchThrowable(() -> jdbc.sql(sql).query().singleValue());
    }
}
