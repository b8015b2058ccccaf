package io.keysweep.server.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.server.TestDatabase;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.MasterKey;
import io.keysweep.server.iam.SecretBox;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.testkit.ManualClock;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;

/** Tests which policy applies to an instance, and the versions of policies, on both databases. */
class PolicyStoreIT {

    private static final PolicyOwner PROJECT = PolicyOwner.project("p");

    @TempDir
    private Path folder;

    /** Provides what the stores need, and records the published changes. */
    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement
    static class Stores {

        private final List<PolicyChanged> changes = new ArrayList<>();

        @Bean
        JdbcClient jdbcClient(DataSource dataSource) {
            return JdbcClient.create(dataSource);
        }

        @Bean
        JdbcTransactionManager transactionManager(DataSource dataSource) {
            return new JdbcTransactionManager(dataSource);
        }

        @Bean
        InstantSource clock() {
            return new ManualClock();
        }

        @EventListener
        void onChange(PolicyChanged change) {
            synchronized (changes) {
                changes.add(change);
            }
        }

        List<PolicyChanged> changes() {
            synchronized (changes) {
                return List.copyOf(changes);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void policy_ofAnOwnerThatWasRemoved_isRefused(String dialect) {
        try (AnnotationConfigApplicationContext context = open(dialect)) {
            PolicyStore policies = context.getBean(PolicyStore.class);
            Instance removedInstance = instance(context, "removed");
            context.getBean(InstanceStore.class).remove(removedInstance);

            assertThatThrownBy(() -> policies.set(
                            PolicyKind.WINDOWS,
                            PolicyOwner.instance(removedInstance),
                            "{}",
                            "AK",
                            /* expected= */ null))
                    .isInstanceOfSatisfying(
                            RequestRefusedException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_INSTANCE));
            assertThatThrownBy(() -> policies.set(
                            PolicyKind.WINDOWS, PolicyOwner.project("none"), "{}", "AK", /* expected= */ null))
                    .isInstanceOfSatisfying(
                            RequestRefusedException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_PROJECT));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void policy_ofAnInstance_replacesThePolicyOfItsProject(String dialect) {
        try (AnnotationConfigApplicationContext context = open(dialect)) {
            PolicyStore policies = context.getBean(PolicyStore.class);
            Instance ordinary = instance(context, "one");
            Instance exceptional = instance(context, "two");

            assertThat(policies.findForInstances(PolicyKind.WINDOWS, List.of(ordinary.id(), exceptional.id())))
                    .isEmpty();

            // The project has a default, and one instance an exception, which is then changed.
            policies.set(PolicyKind.WINDOWS, PROJECT, "{\"name\":\"default\"}", "AK1", /* expected= */ null);
            policies.set(
                    PolicyKind.WINDOWS,
                    PolicyOwner.instance(exceptional),
                    "{\"name\":\"exception\"}",
                    "AK2",
                    /* expected= */ null);
            policies.set(
                    PolicyKind.WINDOWS,
                    PolicyOwner.instance(exceptional),
                    "{\"name\":\"changed\"}",
                    "AK3",
                    /* expected= */ null);

            assertThat(policies.findForInstances(PolicyKind.WINDOWS, List.of(ordinary.id(), exceptional.id())))
                    .extractingByKey(ordinary.id())
                    .returns("{\"name\":\"default\"}", Policy::document)
                    .returns(false, Policy::ofInstance);
            assertThat(policies.findForInstances(PolicyKind.WINDOWS, List.of(ordinary.id(), exceptional.id())))
                    .extractingByKey(exceptional.id())
                    .returns("{\"name\":\"changed\"}", Policy::document)
                    .returns(true, Policy::ofInstance)
                    .returns("AK3", Policy::setBy);
            assertThat(policies.findForInstance(PolicyKind.START, ordinary.id()))
                    .isEmpty();
            assertThat(policies.findForAllInstances(PolicyKind.WINDOWS))
                    .containsOnlyKeys(ordinary.id(), exceptional.id());

            // Without its own policy, the exceptional instance also has the policy of the project.
            policies.remove(PolicyKind.WINDOWS, PolicyOwner.instance(exceptional), /* expected= */ null);
            assertThat(policies.findForInstance(PolicyKind.WINDOWS, exceptional.id()))
                    .get()
                    .returns("{\"name\":\"default\"}", Policy::document);

            policies.remove(PolicyKind.WINDOWS, PROJECT, /* expected= */ null);
            assertThat(policies.findForAllInstances(PolicyKind.WINDOWS)).isEmpty();

            // Each change was published.
            PolicyChanged projectChange = new PolicyChanged(PolicyKind.WINDOWS, "p", /* instanceId= */ null);
            PolicyChanged changeOfInstance = new PolicyChanged(PolicyKind.WINDOWS, "p", exceptional.id());

            assertThat(context.getBean(Stores.class).changes())
                    .containsExactly(
                            projectChange, changeOfInstance, changeOfInstance, changeOfInstance, projectChange);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void set_ofEightFirstPoliciesAtTheSameTime_givesEachItsVersion(String dialect) throws Exception {
        try (AnnotationConfigApplicationContext context = open(dialect)) {
            PolicyStore policies = context.getBean(PolicyStore.class);
            assertThat(atTheSameTime(document ->
                            policies.set(PolicyKind.WINDOWS, PROJECT, document, "AK", /* expected= */ null)))
                    .containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6, 7, 8);
            assertThat(policies.findForProject(PolicyKind.WINDOWS, "p"))
                    .get()
                    .satisfies(policy -> assertThat(policy.document()).startsWith("{\"document\":"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void set_ofEightChangesOfTheSameVersion_succeedsOnce(String dialect) throws Exception {
        try (AnnotationConfigApplicationContext context = open(dialect)) {
            PolicyStore policies = context.getBean(PolicyStore.class);
            PolicyOwner instance = PolicyOwner.instance(instance(context, "one"));

            for (PolicyOwner owner : List.of(instance, PROJECT)) {
                // One of eight changes gets the next version. The others are refused, for which 0 stands.
                for (int seen = 0; seen < 3; seen++) {
                    int version = seen;
                    assertThat(atTheSameTime(document -> {
                                try {
                                    return policies.set(PolicyKind.START, owner, document, "AK", version);
                                } catch (RequestRefusedException e) {
                                    assertThat(e.code()).isEqualTo(ErrorCode.STALE);
                                    return 0;
                                }
                            }))
                            .containsExactlyInAnyOrder(version + 1, 0, 0, 0, 0, 0, 0, 0);
                }

                // A removal of an older version is refused.
                assertThatThrownBy(() -> policies.remove(PolicyKind.START, owner, /* expected= */ 2))
                        .hasMessageContaining("but the current ETag of the start policy is \"3\"");

                policies.remove(PolicyKind.START, owner, /* expected= */ 3);
                assertThat(policies.findFor(PolicyKind.START, owner)).isEmpty();

                policies.remove(PolicyKind.START, owner, /* expected= */ null);
                assertThat(policies.version(PolicyKind.START, owner)).isEqualTo(4);

                // Versions continue after a removal, so that no version is used for two documents.
                assertThat(policies.set(PolicyKind.START, owner, "{\"name\":\"again\"}", "AK", /* expected= */ 4))
                        .isEqualTo(5);
                assertThat(policies.version(PolicyKind.WINDOWS, owner)).isZero();
            }
        }
    }

    /** Makes eight calls at the same time, each with its own document, and returns their results. */
    private static List<Integer> atTheSameTime(Function<String, Integer> call) throws Exception {
        int callers = 8;
        CyclicBarrier together = new CyclicBarrier(callers);
        List<Callable<Integer>> calls = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            String document = "{\"document\":" + i + "}";
            calls.add(() -> {
                together.await();
                return call.apply(document);
            });
        }
        List<Integer> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(callers)) {
            for (Future<Integer> done : threads.invokeAll(calls)) {
                answers.add(done.get());
            }
        }
        return answers;
    }

    /** Opens the stores on a new database, which has the project p. */
    private AnnotationConfigApplicationContext open(String dialect) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.registerBean(DataSource.class, () -> TestDatabase.create(dialect, folder));
        context.registerBean(SecretBox.class, () -> new SecretBox(MasterKey.of(new byte[32])));
        context.register(Stores.class, InstanceStore.class, PolicyStore.class);
        context.refresh();
        context.getBean(JdbcClient.class)
                .sql("insert into project (id, name, created_at) values ('p', 'p', current_timestamp)")
                .update();
        return context;
    }

    /** Adds an instance of the project p, and returns it. */
    private static Instance instance(AnnotationConfigApplicationContext context, String name) {
        UUID id = UUID.randomUUID();
        context.getBean(JdbcClient.class)
                .sql("insert into instance (id, project_id, name, uri, created_at)"
                        + " values (?, 'p', ?, 'redis://h', current_timestamp)")
                .params(id, name)
                .update();
        return context.getBean(InstanceStore.class).find(id).orElseThrow();
    }
}
