package io.keysweep.server.autoscan;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.TimeZone;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Provides a simulation of automatic scans over months of time, in a real database. */
abstract class AutoScanTestCase {

    static final Instant NOW = Instant.parse("2026-02-01T12:00:00Z");

    /** The first start of the schedules. */
    static final Instant FIRST_START = Instant.parse("2026-02-02T01:30:00Z");

    static final Duration DAY = Duration.ofDays(1);

    private Connection connection;
    AutoScanSimulation simulation;

    abstract DataSource dataSource();

    /** Opens a database. The tests run in a zone with summer time, so code that uses local time and not UTC fails. */
    @BeforeEach
    void open() throws SQLException {
        assertThat(TimeZone.getDefault().observesDaylightTime())
                .as("the tests run with -Duser.timezone=Europe/Berlin, as server/pom.xml has it")
                .isTrue();
        connection = dataSource().getConnection();
        simulation = new AutoScanSimulation(connection, NOW);
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }
}
