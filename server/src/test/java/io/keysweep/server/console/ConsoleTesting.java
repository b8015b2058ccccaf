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

/**
 * Prepares the tests of pages of the console in a browser. All test classes share one service.
 *
 * <p>Several classes run at the same time, each with the browser of its thread and with a separate project. After each
 * test, the base checks that no page had a script error.
 */
@ExtendWith({SharedServicesResolver.class, SharedBrowserResolver.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ConsoleTesting {

    ConsoleFixture console;
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
