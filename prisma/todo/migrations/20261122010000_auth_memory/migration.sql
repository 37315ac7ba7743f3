-- CreateTable
CREATE TABLE "credentials" (
    "id" UUID NOT NULL,
    "strategy" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "roles" TEXT[],
    "owner_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "credentials_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "login_attempts" (
    "login_id" TEXT NOT NULL,
    "attempts" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "login_attempts_pkey" PRIMARY KEY ("login_id")
);

-- CreateTable
CREATE TABLE "known_pairs" (
    "pair" TEXT NOT NULL,
    "succeeded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "known_pairs_pkey" PRIMARY KEY ("pair")
);

-- CreateIndex
CREATE UNIQUE INDEX "credentials_strategy_subject_key" ON "credentials"("strategy", "subject");

-- CreateIndex
CREATE INDEX "login_attempts_updated_at_idx" ON "login_attempts"("updated_at");

-- CreateIndex
CREATE INDEX "known_pairs_succeeded_at_idx" ON "known_pairs"("succeeded_at");

-- AddForeignKey
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "owners"("id") ON DELETE CASCADE ON UPDATE CASCADE;
