package io.keysweep.server;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.github.kagkarlsson.scheduler.TaskRepository;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.Set;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.RequestMapping;

/** Tests that the packages of the service have no circular dependencies, and use only the allowed other packages. */
@AnalyzeClasses(packages = "io.keysweep.server", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

    @ArchTest
    static final ArchRule features_haveNoCycles = slices().matching("io.keysweep.server.(*)..")
            .should()
            .beFreeOfCycles()
            .because("a developer must be able to understand and change a feature without the features that depend on"
                    + " it");

    @ArchTest
    static final ArchRule packages_haveNoCycles = slices().matching("io.keysweep.server.(**)")
            .should()
            .beFreeOfCycles()
            .because("the packages inside a feature must have an order as well");

    @ArchTest
    static final ArchRule service_doesNotUseTheClientLibrary = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.lettuce..", "io.netty..")
            .because("only the engine may connect to a server");

    @ArchTest
    static final ArchRule openTelemetry_isUsedForTracesOnly = noClasses()
            .that()
            .resideOutsideOfPackage("io.keysweep.server.tracing..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.opentelemetry..")
            .because("a service without traces must not load its classes");

    @ArchTest
    static final ArchRule nimbus_isUsedForOpenIdConnectOnly = noClasses()
            .that()
            .resideOutsideOfPackage("io.keysweep.server.oidc..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.nimbusds..")
            .because("a service without an issuer must not load its classes");

    @ArchTest
    static final ArchRule controllers_doNotUseTheDatabase = noClasses()
            .that()
            .haveSimpleNameEndingWith("Controller")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(JdbcClient.class)
            .because("stores contain all SQL, and contract tests run them on every database");

    @ArchTest
    static final ArchRule parametersOfRequests_areTexts = noMethods()
            .that()
            .areMetaAnnotatedWith(RequestMapping.class)
            .should()
            .haveRawParameterTypes(describe(
                    "a number, a flag or an enum",
                    types -> types.stream()
                            .anyMatch(type -> type.isPrimitive()
                                    || type.isEnum()
                                    || type.isAssignableTo(Number.class)
                                    || type.isEquivalentTo(Boolean.class))))
            .because("Spring answers a value that it cannot convert with an error of the service, and accepts several"
                    + " spellings of true; QueryParameters refuses all bad values alike");

    @ArchTest
    static final ArchRule dcsApi_hasNoDependents = noClasses()
            .that()
            .resideOutsideOfPackage("io.keysweep.server.dcs..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.keysweep.server.dcs..")
            .because("no feature may depend on the wire format of one vendor");

    @ArchTest
    static final ArchRule console_hasNoDependents = noClasses()
            .that()
            .resideOutsideOfPackage("io.keysweep.server.console..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.keysweep.server.console..")
            .because("a process can run without the console");

    @ArchTest
    static final ArchRule injection_isByConstructor = fields().should()
            .notBeAnnotatedWith(Autowired.class)
            .because("a constructor shows what a class needs, and tests can pass it");

    @ArchTest
    static final ArchRule sweeps_doNotKnowScans = noClasses()
            .that()
            .resideInAPackage("io.keysweep.server.sweep..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.keysweep.server.scan..")
            .because("a sweep publishes its end, and the scan package decides what follows");

    @ArchTest
    static final ArchRule lockedSweep_isMadeUnderTheFence = noClasses()
            .that()
            .doNotHaveSimpleName("SweepAttempt")
            .and()
            .doNotHaveSimpleName("SweepStore")
            .should()
            .callConstructorWhere(describe(
                    "it belongs to LockedSweep",
                    call -> call.getTargetOwner().getSimpleName().equals("LockedSweep")))
            .because("a LockedSweep allows writes about the sweep, so a superseded attempt must not get one");

    @ArchTest
    static final ArchRule schedulersRepository_isUsedForLeasesOnly = noClasses()
            .that()
            .doNotHaveSimpleName("ExecutionLeases")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(TaskRepository.class)
            .because("SchedulerClient can do everything else, and upgrades of the library change it least");

    /**
     * A key can be limited to some instances of its project. Only InstanceAccess checks this limit, so other classes
     * must find instances through it. The classes in this list are exceptions: they lock instances that InstanceAccess
     * has found, or serve operations on the whole project.
     */
    @ArchTest
    static final ArchRule instances_areFoundForCallersByInstanceAccess = noClasses()
            .that()
            .doNotHaveSimpleName("InstanceAccess")
            .and()
            .doNotHaveSimpleName("InstanceStore")
            .and()
            .doNotHaveSimpleName("InstanceChanges")
            .and()
            .doNotHaveSimpleName("EstimateStore")
            .and()
            .doNotHaveSimpleName("Scans")
            .and()
            .doNotHaveSimpleName("FleetApplier")
            .should()
            .callMethodWhere(describe(
                    "it finds instances of a project",
                    call -> call.getTargetOwner().getSimpleName().equals("InstanceStore")
                            && Set.of("find", "list", "lock", "lockAll", "tags")
                                    .contains(call.getTarget().getName())
                            && !call.getTarget().getRawParameterTypes().isEmpty()
                            && call.getTarget()
                                    .getRawParameterTypes()
                                    .getFirst()
                                    .isEquivalentTo(String.class)))
            .because("a key that is narrowed to some instances must not reach the others");

    @ArchTest
    static final ArchRule time_comesThroughTheClock = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .because("tests must be able to control the time");
}
