package io.keysweep.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService.Credentials;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Base of the classes that test pages of the console in a browser. All of them share one service and one browser.
 *
 * <p>Each class gets a separate project. After each test, the base checks that no page had a script error.
 */
@Execution(ExecutionMode.SAME_THREAD)
@ExtendWith({SharedServicesResolver.class, SharedBrowserResolver.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ConsoleTesting {

    /** The shared service and browser, and a Redis server. */
    ConsoleFixture console;

    /** An access key of an administrator, in the project of this class. */
    Credentials admin;

    @BeforeAll
    final void start(SharedServices services, SharedBrowser chromium) {
        console = ConsoleFixture.shared(services, chromium, getClass().getSimpleName());
        admin = console.administrator();
    }

    @AfterEach
    final void closePagesAndCheckTheirScripts() {
        assertThat(console.browser().closePages()).isEmpty();
    }

    @AfterAll
    final void stop() {
        console.close();
    }
}
