package usersapi.testing;

import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * Repeatable randomness for tests. Each run has a new seed, or the one of the system property {@code seed}; a failure names
 * it.
 */
public final class Seeded {

    private static final String PROPERTY = "seed";
    private static final long SEED = Long.getLong(PROPERTY, new Random().nextInt(Integer.MAX_VALUE));

    private Seeded() {}

    /** A property that must hold for each random case. */
    @FunctionalInterface
    public interface Property<T> {

        /** Throws any exception if the property does not hold. */
        void check(T value) throws Exception;
    }

    /**
     * Checks a property for generated cases.
     *
     * @throws AssertionError if it does not hold for a case; the message names the seed that repeats the run
     */
    public static <T> void forAll(int cases, Generator<T> generator, Property<? super T> property) {
        forAll(cases, generator, property, SEED);
    }

    static <T> void forAll(int cases, Generator<T> generator, Property<? super T> property, long seed) {
        withRandom(random -> {
            for (int i = 1; i <= cases; i++) {
                var value = generator.next(random);
                try {
                    property.check(value);
                } catch (Exception | AssertionError e) {
                    throw new AssertionError("case %d of %d".formatted(i, cases), e);
                }
            }
        }, seed);
    }

    /**
     * Checks a property that takes random numbers itself.
     *
     * @throws AssertionError if it does not hold; the message names the seed that repeats the run
     */
    public static void withRandom(Property<RandomGenerator> property) {
        withRandom(property, SEED);
    }

    private static void withRandom(Property<RandomGenerator> property, long seed) {
        try {
            property.check(new Random(seed));
        } catch (Exception | AssertionError e) {
            throw new AssertionError("-D%s=%d repeats this run: %s".formatted(PROPERTY, seed, e.getMessage()), e);
        }
    }
}
