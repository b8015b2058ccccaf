package io.keysweep.server.iam.guessing;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.console.ConsoleClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Tests that wrong passwords sent at the same time get no more tries than wrong passwords sent one by one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PasswordBurstIT {

    private static final String PASSWORD = "correct horse battery";
    private static final String WRONG_PASSWORD = "wrong wrong wrong";
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    /** The number of wrong passwords that are sent at the same time. */
    private static final int BURST = 60;

    private TestService service;

    @BeforeAll
    void start(@TempDir Path home) {
        service = TestService.start(home, Map.of());
    }

    @AfterAll
    void stop() {
        service.close();
    }

    @Test
    void wrongPasswords_sentAtTheSameTime_areCheckedUpToTheLimit_andThenRefused() throws Exception {
        createUser("alice");

        // MAX_WRONG_KEYS is also the limit for wrong passwords.
        List<Integer> statuses = burst(BURST, () -> token("alice", WRONG_PASSWORD));

        assertThat(statuses)
                .containsOnly(401, 429)
                .filteredOn(status -> status == 401)
                .hasSize(WrongSecretLimit.MAX_WRONG_KEYS);

        // Then the right password is refused, too.
        assertThat(token("alice", PASSWORD)).isEqualTo(429);
    }

    @Test
    void wrongPasswords_forTokensSignInsAndChanges_shareOneLimit() throws Exception {
        createUser("bob");
        String token = requestToken("bob", PASSWORD).header("X-Subject-Token");

        // A third of the wrong passwords is sent in each way: for a token, a sign-in, and a change of the password.
        List<Callable<Integer>> ways = List.of(
                () -> token("bob", WRONG_PASSWORD),
                () -> new ConsoleClient(service.endpoint())
                        .signIn(new Credentials("", "bob", WRONG_PASSWORD))
                        .status(),
                () -> service.send(
                                "POST",
                                "/api/v1/users/me/password",
                                Map.of("Content-Type", "application/json", "X-Auth-Token", token),
                                "{\"oldPassword\":\"" + WRONG_PASSWORD
                                        + "\",\"newPassword\":\"another horse battery\"}")
                        .status());

        List<Callable<Integer>> calls = new ArrayList<>();
        for (int i = 0; i < BURST; i++) {
            calls.add(ways.get(i % ways.size()));
        }

        // A change with a wrong current password is answered with 400.
        assertThat(burst(calls))
                .containsOnly(400, 401, 429)
                .filteredOn(status -> status != 429)
                .hasSize(WrongSecretLimit.MAX_WRONG_KEYS);
    }

    @Test
    void rightPasswords_sentAtTheSameTime_areNotRefused() throws Exception {
        createUser("carol");
        assertThat(burst(20, () -> token("carol", PASSWORD))).containsOnly(201);
    }

    /** Makes a call many times at the same time, and returns the statuses. */
    private static List<Integer> burst(int size, Callable<Integer> call) throws Exception {
        return burst(Collections.nCopies(size, call));
    }

    /** Makes all calls at the same time, and returns the statuses. */
    private static List<Integer> burst(List<Callable<Integer>> calls) throws Exception {
        CountDownLatch ready = new CountDownLatch(calls.size());
        List<Future<Integer>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(calls.size())) {
            for (Callable<Integer> call : calls) {
                answers.add(threads.submit(() -> {
                    ready.countDown();
                    ready.await();
                    return call.call();
                }));
            }
        }
        List<Integer> statuses = new ArrayList<>();
        for (Future<Integer> answer : answers) {
            statuses.add(answer.get());
        }
        return statuses;
    }

    /** Requests a token, and returns the status of the answer. */
    private int token(String name, String password) {
        return requestToken(name, password).status();
    }

    private TestService.Answer requestToken(String name, String password) {
        return service.send(
                "POST",
                "/v3/auth/tokens",
                JSON,
                "{\"auth\":{\"identity\":{\"password\":{\"user\":{\"name\":\"" + name + "\",\"password\":\"" + password
                        + "\"}}}}}");
    }

    /** Creates a user with {@link #PASSWORD}. */
    private void createUser(String name) {
        Credentials admin = service.administrator();
        assertThat(service.call(
                                admin,
                                "POST",
                                "/api/v1/projects/" + admin.projectId() + "/users",
                                "{\"name\":\"" + name + "\",\"password\":\"" + PASSWORD + "\",\"policies\":[]}")
                        .status())
                .isEqualTo(201);
    }
}
